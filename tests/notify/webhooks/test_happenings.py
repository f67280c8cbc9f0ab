"""Each kind of happening from the deed to what a program is sent; and nothing that is not public."""

import datetime as dt
import json
from types import SimpleNamespace
from typing import Any

import pytest

from feedback.asks.answers import answer_ask, decline_ask, reopen_ask
from feedback.asks.decisions.confirm import confirm_ask, rename_ask
from feedback.asks.decisions.shape import join_asks, split_ask
from feedback.asks.stages import Stage
from feedback.briefs import operations as briefs
from feedback.briefs.drafting.week import Week
from feedback.forum.comments.operations import comment
from feedback.forum.models import Board, Product
from feedback.forum.posts.operations import hide_post
from feedback.notify.happenings import by_verb
from feedback.notify.models import WebhookDelivery
from feedback.roadmap import operations as roadmap
from feedback.roadmap.reports.operations import close_due_reports, open_report
from feedback.roadmap.train import operations as train
from feedback.roadmap.train.leaving import leave
from tests.receiver import says


@pytest.fixture
def here(ann, bo, mo, pia, dark_mode, publish, make_ask, now, endpoint, receiver, send):
    """Ann's ask, who acts on it, and what the receiver got."""
    while send():
        pass
    receiver.got.clear()

    def told() -> list[Any]:
        while send():
            pass
        return [request.json() for request in receiver.got]

    return SimpleNamespace(
        ann=ann,
        bo=bo,
        mo=mo,
        ask=dark_mode,
        post=dark_mode.medoid,
        by={"actor": pia, "now": now},
        make_ask=make_ask,
        publish=publish,
        told=told,
        got=receiver.got,
    )


def proposed(here: Any, about: str = "CSV") -> Any:
    posts = [here.publish(here.bo, f"{about} {title}") for title in ("export", "please")]
    return here.make_ask(*posts, state="PROPOSED")


def adopted(here: Any) -> Any:
    return roadmap.adopt(ask=here.ask, title="A dark theme", **here.by)


def split(here: Any) -> None:
    ask = here.make_ask(here.publish(here.ann, "Small"), here.publish(here.bo, "Large"))
    split_ask(ask=ask, posts=[ask.medoid], title="Small ones", **here.by)


def reopened(here: Any) -> None:
    decline_ask(ask=here.ask, reason="Too dear.", **here.by)
    here.told()
    reopen_ask(ask=here.ask, **here.by)


def promised(here: Any) -> Any:
    item, day = adopted(here), here.by["now"].date()
    words = {"title": item.title, "summary": "", "version": "1.4", "release_date": day}
    return roadmap.edit_item(item=item, **words, **here.by).release


def slipped(here: Any) -> None:
    release = promised(here)
    later = release.release_date + dt.timedelta(days=7)
    train.slip(release=release, release_date=later, word="A crash.", **here.by)


def resumed(here: Any) -> None:
    release = promised(here)
    train.stop(release=release, word="A crash.", **here.by)
    train.resume(release=release, **here.by)


def reported_on(here: Any, *, days_ago: int = 0) -> Any:
    item = roadmap.ship(item=adopted(here), version="1.4", **here.by)
    opened = here.by["now"] - dt.timedelta(days=days_ago)
    return open_report(release=item.release, now=opened)


def report_is_over(here: Any) -> None:
    reported_on(here, days_ago=9)
    close_due_reports(now=here.by["now"])


def brief_published(here: Any) -> None:
    product = here.post.board.product
    news = Board.objects.create(product=product, slug="news", name="News", is_grouped=False)
    answer_ask(ask=here.ask, body="Soon.", **here.by)
    week = Week.of(here.by["now"].date())
    brief = briefs.draft_brief(product=product, week=week, **here.by)
    briefs.publish_brief(brief=brief, board=news, **here.by)


#: What raises each kind: a new kind needs a line here.
DEEDS = {
    "post.published": lambda here: here.publish(here.ann, "New"),
    "post.answered": lambda here: comment(
        post=here.post, author=here.mo, body="Soon.", is_official=True, now=here.by["now"]
    ),
    "ask.confirmed": lambda here: confirm_ask(ask=proposed(here), **here.by),
    "ask.renamed": lambda here: rename_ask(ask=here.ask, title="A dark theme", **here.by),
    "ask.joined": lambda here: join_asks(
        ask=here.make_ask(here.publish(here.bo, "Night"), title="Night"), into=here.ask, **here.by
    ),
    "ask.split": split,
    "ask.answered": lambda here: answer_ask(ask=here.ask, body="*Soon*.", **here.by),
    "ask.declined": lambda here: decline_ask(ask=here.ask, reason="Too dear.", **here.by),
    "ask.reopened": reopened,
    "item.adopted": adopted,
    "item.moved": lambda here: roadmap.move(item=adopted(here), stage=Stage.BETA, **here.by),
    "item.shipped": lambda here: roadmap.ship(item=adopted(here), version="1.4", **here.by),
    "release.out": lambda here: leave(
        release=promised(here), items=[here.ask.item_link.item], **here.by
    ),
    "release.slipped": slipped,
    "release.stopped": lambda here: train.stop(release=promised(here), word="A crash.", **here.by),
    "release.skipped": lambda here: train.skip(release=promised(here), word="A crash.", **here.by),
    "release.resumed": resumed,
    "brief.published": brief_published,
    "report.opened": reported_on,
    "report.closed": report_is_over,
    "item.declined": lambda here: roadmap.decline(item=adopted(here), reason="No.", **here.by),
}


def test_every_kind_is_tried_here():
    assert {kind.name for kind in by_verb().values()} == set(DEEDS)


@pytest.mark.parametrize("name", DEEDS)
def test_a_kind_is_told_with_its_facts_and_no_person(name, here):
    DEEDS[name](here)
    told = [one for one in here.told() if one["type"] == name]
    assert len(told) == 1
    data = told[0]["data"]
    about = name.partition(".")[0]
    assert told[0]["version"] == 1
    assert told[0]["timestamp"].startswith("2026-03-06T09:30:00")
    assert data["product"] == here.post.board.product.slug
    known_by = "version" if about in ("release", "report") else "id"
    assert data["release" if about == "report" else about][known_by]
    assert data[about]["url"].startswith("http")
    sent = json.dumps(told)
    assert "@" not in sent
    assert not any(f'"{one.name}"' in sent or one.public_id in sent for one in (here.ann, here.bo))


WHERE = {
    "ask.declined": "reason",
    "item.shipped": "version",
    "ask.joined": "joined",
    "release.slipped": "word",
}


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("post.answered", {"text": "Soon."}),
        ("ask.answered", {"text": "Soon."}),
        ("ask.declined", "Too dear."),
        ("item.shipped", "1.4"),
        ("ask.joined", {"title": "Night"}),
        ("release.slipped", "A crash."),
    ],
)
def test_what_was_said_is_told(name, facts, here):
    DEEDS[name](here)
    data = next(one for one in here.told() if one["type"] == name)["data"]
    found = data[WHERE.get(name, "answer")]
    assert found == facts if isinstance(facts, str) else facts.items() <= found.items()


def test_mail_addresses_that_people_wrote_stay_here(here):
    here.publish(
        here.ann,
        "Write to ann.lee+x@mail.example.org, left-pad@1.3.0 breaks @everyone",
        body="Or to 李@例子.中国 or <b@example.com>: a@b is none.",
    )
    (told,) = here.told()
    post = told["data"]["post"]
    assert post["title"] == "Write to …@…, left-pad@1.3.0 breaks @everyone"
    assert post["excerpt"].startswith("Or to …@… or")
    assert "example" not in json.dumps(post["excerpt"])
    assert "a@b is none" in post["excerpt"]


# --- Nothing that is not public ----------------------------------------------------------------------------------
def test_a_comment_is_told_only_when_it_is_official(here):
    for author, more in ((here.bo, {}), (here.mo, {"is_internal": True})):
        comment(post=here.post, author=author, body="secret", now=here.by["now"], **more)
    assert here.told() == []


def test_what_the_machine_proposes_is_told_to_nobody(here):
    ask = proposed(here)
    here.told()
    here.got.clear()
    rename_ask(ask=ask, title="A secret plan", **here.by)
    another = proposed(here, "XML")
    join_asks(ask=another, into=ask, **here.by)
    assert [one["type"] for one in here.told()] == ["post.published", "post.published"]


def test_an_ask_that_nobody_confirmed_is_joined_in_silence(here):
    ask = proposed(here)
    here.told()
    here.got.clear()
    join_asks(ask=ask, into=here.ask, **here.by)
    assert here.told() == []


def test_an_item_names_only_the_asks_that_are_public(here):
    item = adopted(here)
    here.told()
    here.ask.__class__.objects.filter(pk=here.ask.pk).update(state="PROPOSED")
    here.got.clear()
    roadmap.edit_item(item=item, title="A dark theme", summary="", **here.by)
    roadmap.move(item=item, stage=Stage.BETA, **here.by)
    (told,) = here.told()
    assert told["data"]["item"]["asks"] == []


def test_a_post_that_is_hidden_at_once_is_not_told(here):
    post = here.publish(here.ann, "Spam")
    hide_post(post=post, moderator=here.mo, now=here.by["now"])
    assert here.told() == []
    assert WebhookDelivery.objects.exclude(state="DONE").count() == 0


def test_an_answer_on_a_hidden_post_is_not_told(here):
    DEEDS["post.answered"](here)
    hide_post(post=here.post, moderator=here.mo, now=here.by["now"])
    assert here.told() == []


def test_a_sample_is_told_to_nobody(here):
    Product.objects.update(sample="living")
    here.publish(here.ann, "Made up")
    assert here.told() == []


def test_old_news_is_told_to_nobody(here):
    from feedback.journal.operations import old_news

    with old_news():
        here.publish(here.ann, "From another tool")
    assert here.told() == []


def test_it_is_told_as_it_is_when_it_is_sent(here, receiver, frozen):
    receiver.answers(says(500))
    answer_ask(ask=here.ask, body="Soon.", **here.by)
    here.told()
    rename_ask(ask=here.ask, title="A dark theme", **here.by)
    receiver.answers(says(200))
    frozen.shift(15)
    answers = [one for one in here.told() if one["type"] == "ask.answered"]
    assert [one["data"]["ask"]["title"] for one in answers] == ["Dark mode, please", "A dark theme"]
