"""Answering and declining: said once, and found wherever it was asked."""

import datetime as dt

import pytest

from feedback.asks.answers import answer_ask, decline_ask
from feedback.asks.decisions.shape import join_asks
from feedback.asks.models import Answer
from feedback.journal.models import Entry
from feedback.kernel.refusals import Refusal
from tests.roadmap.test_at_once import at_once

pytestmark = pytest.mark.django_db


def written(verb):
    return Entry.objects.filter(verb=verb).count()


# --- Sent twice -----------------------------------------------------------------------------------------
def test_an_answer_sent_twice_is_given_once(dark_mode, pia, client_of):
    desk = client_of(pia)
    for _ in range(2):
        page = desk.post(f"/desk/asks/{dark_mode.public_id}/answer/", {"body": "We hear you."})
        assert page.status_code == 302
    assert Answer.objects.count() == 1
    assert written("asks.ask-answered") == 1


def test_other_words_or_the_same_words_later_are_another_answer(dark_mode, pia, ada, now):
    answer_ask(ask=dark_mode, body="Soon.", actor=pia, now=now)
    answer_ask(ask=dark_mode, body="Very soon.", actor=pia, now=now)
    answer_ask(ask=dark_mode, body="Soon.", actor=ada, now=now)
    later = now + dt.timedelta(minutes=3)
    answer_ask(ask=dark_mode, body="Soon.", actor=pia, now=later)
    assert Answer.objects.count() == 4


def test_a_refusal_sent_twice_is_said_once(dark_mode, pia, client_of):
    desk = client_of(pia)
    for _ in range(2):
        desk.post(f"/desk/asks/{dark_mode.public_id}/decline/", {"reason": "Too dear."})
    assert written("asks.ask-declined") == 1


def test_a_refusal_keeps_the_reason_that_everyone_has_read(dark_mode, pia, now, client_of):
    decline_ask(ask=dark_mode, reason="Too dear.", actor=pia, now=now)
    with pytest.raises(Refusal, match="declined already"):
        decline_ask(ask=dark_mode, reason="Too hard.", actor=pia, now=now)
    page = client_of(pia).post(
        f"/desk/asks/{dark_mode.public_id}/decline/", {"reason": "Too hard."}
    )
    assert page.status_code == 422
    assert "is declined already, for another reason" in page.content.decode()
    assert written("asks.ask-declined") == 1
    dark_mode.refresh_from_db()
    assert dark_mode.decline_reason == "Too dear."


# --- Where an answer is read ----------------------------------------------------------------------------
def test_an_answer_stands_under_every_post_of_the_ask(
    ann, bo, pia, publish, make_ask, now, client_of
):
    posts = publish(ann, "Dark mode"), publish(bo, "Night theme")
    ask = make_ask(*posts)
    answer_ask(ask=ask, body="An **earlier** word", actor=pia, now=now)
    later = now + dt.timedelta(days=1)
    answer_ask(ask=ask, body="It comes in *spring*", actor=pia, now=later)
    for post in posts:
        page = client_of(None).get(f"/posts/{post.public_id}/").content.decode()
        assert "It comes in <em>spring</em>" in page
        assert "earlier" not in page


def test_the_answers_of_an_ask_survive_its_join(
    ann, bo, mo, pia, publish, make_ask, now, client_of
):
    first, second, third = (
        make_ask(publish(who, title))
        for who, title in ((ann, "Dark mode"), (bo, "Night theme"), (mo, "Black theme"))
    )
    answer_ask(ask=first, body="The team says hello", actor=pia, now=now)
    join_asks(ask=first, into=second, actor=pia, now=now)
    join_asks(ask=second, into=third, actor=pia, now=now)
    for address in (f"/asks/{first.public_id}/", f"/posts/{third.medoid.public_id}/"):
        page = client_of(None).get(address, follow=True).content.decode()
        assert "The team says hello" in page


def test_the_roadmap_shows_answers_given_before_a_join(
    ann, bo, pia, publish, make_ask, now, client_of
):
    from feedback.roadmap import operations as roadmap

    first, second = make_ask(publish(ann, "Dark mode")), make_ask(publish(bo, "Night theme"))
    answer_ask(ask=first, body="The team says hello", actor=pia, now=now)
    join_asks(ask=first, into=second, actor=pia, now=now)
    item = roadmap.adopt(ask=second, actor=pia, now=now, title="A dark theme")
    page = client_of(None).get(f"/roadmap/{item.public_id}/").content.decode()
    assert "The team says hello" in page


def test_a_refusal_counts_as_answered_whoever_declined(item, dark_mode, pia, now):
    from feedback.roadmap import operations as roadmap

    roadmap.decline(item=item, reason="Too dear.", actor=pia, now=now)
    dark_mode.refresh_from_db()
    assert dark_mode.answered_at == now


# --- At once ----------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_answering_and_declining_twice_at_once_tell_once(dark_mode, pia, now):
    at_once(
        *[lambda: answer_ask(ask=dark_mode, body="Soon.", actor=pia, now=now)] * 3,
        *[lambda: decline_ask(ask=dark_mode, reason="No.", actor=pia, now=now)] * 3,
    )
    assert written("asks.ask-answered") == 1
    assert written("asks.ask-declined") == 1
