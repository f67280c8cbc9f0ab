"""Every kind of thing people are told of, found by being there, tried from the deed to both languages."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import translation

from feedback.accounts.agents import make_agent
from feedback.asks.answering.editing import edit_answer, edit_reason
from feedback.asks.answering.group import ask_group
from feedback.asks.answers import answer_ask, decline_ask
from feedback.asks.decisions.confirm import confirm_ask
from feedback.asks.decisions.contest import contest
from feedback.asks.decisions.shape import join_asks, split_ask
from feedback.asks.models import Ask, Proposal
from feedback.asks.proposals.operations import dismiss
from feedback.asks.stages import Stage
from feedback.briefs import operations as briefs
from feedback.briefs.drafting.week import Week
from feedback.forum.comments.operations import accept_answer, comment
from feedback.forum.models import Board
from feedback.forum.polls.operations import (
    answer_poll,
    close_poll,
    make_poll,
    tell_results,
)
from feedback.forum.posts.operations import publish_post
from feedback.honours import operations as honours
from feedback.honours.models import Honour
from feedback.journal.models import Entry
from feedback.notify import occasions
from feedback.notify.channels.inbox.presenting import told
from feedback.notify.channels.webhook.operations import Wish, add_endpoint
from feedback.notify.channels.webhook.sending import switch_off_for_good
from feedback.notify.following.operations import subscribe
from feedback.notify.groups import About, Group
from feedback.notify.mailbox import replies
from feedback.notify.models import Endpoint, Notice
from feedback.roadmap import operations as roadmap
from feedback.roadmap.lineage.operations import join_items, split_item
from feedback.roadmap.models import Cell, Release
from feedback.roadmap.reports.operations import Said, close_due_reports, open_report, send_report
from feedback.roadmap.ring import operations as ring
from feedback.roadmap.train import operations as train
from feedback.roadmap.train.leaving import leave
from tests.cast import make_person
from tests.notify.deeds_of_order import ORDER


@pytest.fixture
def here(ann, bo, mo, pia, dark_mode, publish, make_ask, now, deliver):
    """Ann's ask that Bo wants too, and who acts on it when."""
    return SimpleNamespace(
        ann=ann,
        bo=bo,
        ask=dark_mode,
        post=dark_mode.medoid,
        by={"actor": pia, "now": now},
        deliver=deliver,
        another_ask=lambda: make_ask(publish(mo, "Night theme")),
    )


def adopted(here):
    return roadmap.adopt(ask=here.ask, title="A dark theme", **here.by)


def linked_late(here):
    item = adopted(here)
    here.deliver()
    roadmap.link_ask(item=item, ask=here.another_ask(), **here.by)


def contested_in_vain(here):
    contest(post=here.post, author=here.ann, now=here.by["now"])
    dismiss(proposal=Proposal.objects.get(kind="CONTEST"), **here.by)


def proposed(here):
    ask = here.another_ask()
    Ask.objects.filter(pk=ask.pk).update(state=Ask.State.PROPOSED, confirmed_at=None)
    return Ask.objects.get(pk=ask.pk)


def split_off(here):
    other = here.another_ask()
    join_asks(ask=other, into=here.ask, **here.by)
    split_ask(ask=here.ask, posts=[other.medoid], title="Only at night", **here.by)


def posted_on_a_followed_board(here):
    board = here.post.board
    now = here.by["now"]
    subscribe(person=here.ann, about=About.BOARD, about_id=board.pk, is_muted=False, now=now)
    publish_post(board=board, author=here.bo, title="Louder", body="", kind="SUGGESTION", now=now)


def commented_by_bo(here):
    now = here.by["now"]
    words = {"title": "How do I make it dark?", "body": "", "kind": "QUESTION"}
    question = publish_post(board=here.post.board, author=here.ann, now=now, **words)
    return comment(post=question, author=here.bo, body="In the settings, @Ann.", now=now)


def answer_accepted(here):
    said = commented_by_bo(here)
    accept_answer(post=said.post, comment=said, actor=here.ann, now=here.by["now"])


def poll_closed(here):
    asked = {"question": "Where first?", "options": ["Here", "There"]}
    closes_at = here.by["now"] + dt.timedelta(days=1)
    poll = make_poll(post=here.post, closes_at=closes_at, **asked, **here.by)
    chosen = poll.options.values_list("pk", flat=True)[:1]
    answer_poll(poll=poll, person=here.ann, options=chosen, now=here.by["now"])
    close_poll(poll=poll, **here.by)
    tell_results(now=here.by["now"])


def webhook_gone(here):
    wish = Wish(name="Ours", address="https://1.1.1.1/", groups=["POSTS"], language="en")
    endpoint = add_endpoint(kind="STANDARD", wish=wish, **here.by)
    with transaction.atomic():
        switch_off_for_good(endpoint, Endpoint.Off.GONE, now=here.by["now"])


def replied_in_vain(here):
    with transaction.atomic():
        for post in (here.post, None):
            replies.refuse(here.ann, post, why="Closed.", now=here.by["now"])


def reported_on(here, *, days_ago=0):
    item = roadmap.ship(item=adopted(here), version="1.4.0", **here.by)
    return open_report(release=item.release, now=here.by["now"] - dt.timedelta(days=days_ago))


def results_are_in(here):
    report = reported_on(here, days_ago=8)
    said = [Said(Cell.LOVED, text="The night is dark")]
    send_report(report=report, person=here.ann, said=said, now=report.opens_at)
    close_due_reports(now=here.by["now"])


def promised(here):
    item = adopted(here)
    day = {"version": "1.4.0", "release_date": here.by["now"].date()}
    return roadmap.edit_item(item=item, title=item.title, summary="", **day, **here.by)


def promise_taken_back(here):
    item = promised(here)
    roadmap.edit_item(item=item, title=item.title, summary="", **here.by)


def slipped_skipped_and_stopped(here):
    release = promised(here).release
    later = release.release_date + dt.timedelta(days=7)
    train.slip(release=release, release_date=later, word="A crash.", **here.by)
    for halt in (train.stop, train.skip):
        halt(release=release, word="It crashes still.", **here.by)
        train.resume(release=release, **here.by)


def left_without_it(here):
    leave(release=promised(here).release, **here.by)


def joined_into_another(here):
    other = roadmap.adopt(ask=here.another_ask(), title="Night colours", **here.by)
    join_items(item=adopted(here), into=other, **here.by)


def split_from_another(here):
    item, ask = adopted(here), here.another_ask()
    roadmap.link_ask(item=item, ask=ask, **here.by)
    split_item(item=item, asks=[ask], title="Night colours", **here.by)


def brief_published(here):
    product = here.post.board.product
    news = Board.objects.create(product=product, slug="news", name="News", is_grouped=False)
    answer_ask(ask=here.ask, body="Soon.", **here.by)
    week = Week.of(here.by["now"].date())
    brief = briefs.draft_brief(product=product, week=week, **here.by)
    now = here.by["now"]
    subscribe(person=here.ann, about=About.BRIEF, about_id=product.pk, is_muted=False, now=now)
    briefs.publish_brief(brief=brief, board=news, **here.by)


def invited_into_its_ring(here):
    train.move_release(release=promised(here).release, stop="BETA", **here.by)
    release = Release.objects.get(version="1.4.0")
    ring.open_ring(release=release, **here.by)
    return release


def tried_before_everyone(here):
    release, now = invited_into_its_ring(here), here.by["now"]
    ring.answer(release=release, person=here.ann, accepts=True, now=now)
    leave(release=release, **here.by)


def honoured(here):
    named = Honour(name="Ring testers", name_zh="内测先锋")
    made = honours.keep_honour(honour=named, **here.by)
    honours.give(honour=made, people=[here.ann.pk], word="For the first night", **here.by)


def answer_worded_anew(here):
    given = answer_ask(ask=here.ask, body="Soon.", **here.by)
    edit_answer(answer=given, body="In May.", body_zh="五月。", tell=True, **here.by)


def reason_worded_anew(here):
    decline_ask(ask=here.ask, reason="Too dear.", **here.by)
    edit_reason(ask=here.ask, reason="Too dear this year.", tell=True, **here.by)


def posted_by_an_agent(here):
    robo = make_person("Robo")
    make_agent(account=robo, human=here.ann, now=here.by["now"])
    words = {"title": "It burns", "body": "", "kind": "BUG"}
    publish_post(board=here.post.board, author=robo, now=here.by["now"], **words)


#: What raises each kind: a new kind needs a line here.
DEEDS: dict[str, Callable] = ORDER | {
    "agent_posted": posted_by_an_agent,
    "answer_accepted": answer_accepted,
    "answer_edited": answer_worded_anew,
    "ask_reason_edited": reason_worded_anew,
    "group_asked": lambda here: ask_group(ask=here.ask, question="At night, or always?", **here.by),
    "mentioned": commented_by_bo,
    "ask_confirmed": lambda here: confirm_ask(ask=proposed(here), **here.by),
    "ask_joined": lambda here: join_asks(ask=here.another_ask(), into=here.ask, **here.by),
    "ask_split": split_off,
    "poll_results": poll_closed,
    "post_published": posted_on_a_followed_board,
    "ask_answered": lambda here: answer_ask(ask=here.ask, body="Soon.", **here.by),
    "ask_declined": lambda here: decline_ask(ask=here.ask, reason="Too dear.", **here.by),
    "ask_linked": linked_late,
    "commented": lambda here: comment(
        post=here.post, author=here.bo, body="Me too", now=here.by["now"]
    ),
    "brief_out": brief_published,
    "contest_refused": contested_in_vain,
    "honour": honoured,
    "item_adopted": adopted,
    "item_declined": lambda here: roadmap.decline(
        item=adopted(here), reason="Too dear.", **here.by
    ),
    "item_joined": joined_into_another,
    "item_moved": lambda here: roadmap.move(item=adopted(here), stage=Stage.BETA, **here.by),
    "item_promised": promised,
    "item_shipped": lambda here: roadmap.ship(item=adopted(here), version="1.4.0", **here.by),
    "item_unpromised": promise_taken_back,
    "item_split": split_from_another,
    "webhook_switched_off": webhook_gone,
    "reply_refused": replied_in_vain,
    "report_open": reported_on,
    "report_results": results_are_in,
    "release_out": left_without_it,
    "ring_closed": tried_before_everyone,
    "ring_invited": invited_into_its_ring,
    "release_slipped": slipped_skipped_and_stopped,
}


def test_every_kind_is_tried_here():
    assert list(occasions.kinds()) == sorted(DEEDS)


@pytest.mark.parametrize("name", DEEDS)
def test_a_kind_is_told_in_both_languages(name, here, deliver, client_of):
    kind = occasions.kinds()[name]
    assert kind.group in Group
    DEEDS[name](here)
    deliver()
    entries = Entry.objects.filter(verb__in=kind.verbs)
    assert {entry.verb for entry in entries} == set(kind.verbs), "Nobody writes such an entry."
    notices = Notice.objects.filter(entry__in=entries).select_related("entry", "person")
    assert notices
    for notice in notices:
        assert notice.key == kind.key(notice.entry)
        said = set()
        for language in ("en", "zh-hans"):
            with translation.override(language):
                said.add(told(notice).text)
        assert len(said) == 2 and all(said)
        assert client_of(notice.person).get(told(notice).url, follow=True).status_code == 200


# --- Finding them -------------------------------------------------------------------------------------------
@pytest.fixture
def find_with(tmp_path, monkeypatch):
    """Look for kinds with one more file among them: ``find_with("thanked", source)``."""

    def find(name, source):
        (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
        monkeypatch.setattr(occasions, "__path__", [*occasions.__path__, str(tmp_path)])
        return occasions.kinds.__wrapped__()

    return find


THANKED = """
from feedback.notify.occasions import _item

OCCASION = _item.occasion(verb={verb!r}, keeps=(), sentence=lambda kept: "Thank you")
"""


def test_a_new_kind_is_one_new_file(find_with):
    found = find_with("thanked_by_test", THANKED.format(verb="roadmap.item-thanked"))
    assert list(found) == sorted([*DEEDS, "thanked_by_test"])
    assert occasions.claimed(found)["roadmap.item-thanked"] is found["thanked_by_test"]


def test_two_kinds_never_claim_the_same_verb(find_with):
    found = find_with("shipped_by_test", THANKED.format(verb="roadmap.item-shipped"))
    with pytest.raises(ImproperlyConfigured, match="item_shipped and shipped_by_test both claim"):
        occasions.claimed(found)


def test_a_file_that_tells_nothing_is_refused(find_with):
    with pytest.raises(ImproperlyConfigured, match=r"empty_by_test\.py defines no OCCASION"):
        find_with("empty_by_test", "")
