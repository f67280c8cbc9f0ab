"""A digest is worth opening: how one's asks stand, what moved and grew among them, what shipped; each true and short."""

import datetime as dt

import pytest

from feedback.asks.answers import answer_ask
from feedback.asks.models import Ask
from feedback.forum.votes.operations import vote
from feedback.kernel import clock
from feedback.notify.channels.email import sending
from feedback.notify.following.operations import subscribe
from feedback.notify.groups import About, Group, Pace
from feedback.notify.wishes import operations as wishes
from feedback.roadmap import operations as roadmap
from tests.notify.smtp import parts

MONDAY = dt.datetime(2026, 3, 9, 8, 1, tzinfo=dt.UTC)


@pytest.fixture
def weekly(server, ann, frozen, deliver):
    """Have Ann mailed once a week; ``weekly()`` is her mail of Monday, text and HTML, None where there is none."""
    wishes.choose(person=ann, mail=dict.fromkeys(Group, Pace.WEEKLY), now=clock.now())

    def monday():
        deliver()
        frozen.move_to(MONDAY)
        sending.send_due(now=clock.now())
        mails = server.to("ann@example.org")
        return parts(mails[-1]) if mails else None

    return monday


def test_it_says_how_ones_asks_stand_and_what_grew(
    weekly, dark_mode, item, ann, person, pia, publish, make_ask
):
    make_ask(publish(ann, "Louder bells"))
    for name in ("Cleo", "Dan", "Eve"):
        vote(post=dark_mode.medoid, person=person(name), now=clock.now())
    answer_ask(ask=dark_mode, body="Soon.", actor=pia, now=clock.now())
    text, html = weekly()
    for said in (text, html):
        assert "Under review: 1 · Planned: 1" in said
        # Bo wanted it this week too.
        assert "4 people joined" in said


def test_it_tells_what_moved_and_shipped_beside_its_news(
    weekly, dark_mode, item, ann, bo, pia, publish, make_ask
):
    followed = make_ask(publish(bo, "Quieter bells"))
    subscribe(person=ann, about=About.ASK, about_id=followed.pk, is_muted=False, now=clock.now())
    Ask.objects.filter(pk=followed.pk).update(stage="BETA", stage_changed_at=clock.now())
    other = roadmap.adopt(
        ask=make_ask(publish(bo, "Faster")),
        title="Fast start / 启动更快",
        actor=pia,
        now=clock.now(),
    )
    roadmap.ship(item=other, version="1.4.0", actor=pia, now=clock.now())
    text, html = weekly()
    for said in (text, html):
        assert "Quieter bells" in said and "Beta" in said
        assert "What shipped" in said and "Fast start" in said and "启动更快" not in said
    assert text.count(f"/asks/{dark_mode.public_id}/") <= 1, "What the news tell is not told twice."


def test_it_speaks_its_readers_language(weekly, dark_mode, item, ann, bo, pia):
    type(ann).objects.filter(pk=ann.pk).update(language="zh-hans")
    text, _html = weekly()
    assert "你提过的需求" in text and "已采纳：1" in text


def test_there_is_none_without_news(weekly, dark_mode, person):
    for name in ("Cleo", "Dan", "Eve"):
        vote(post=dark_mode.medoid, person=person(name), now=clock.now())
    assert weekly() is None


def test_news_that_come_at_once_stay_short(server, dark_mode, item, ann, send):
    send()
    text, _html = parts(server.to("ann@example.org")[0])
    assert "What you asked for\n" not in text
