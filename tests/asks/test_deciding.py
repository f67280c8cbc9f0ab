"""Decisions and their undo: leaving restores every count exactly."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.asks.answers import answer_ask, decline_ask
from feedback.asks.counts import drifted, recount
from feedback.asks.coverage import summary
from feedback.asks.decisions.confirm import confirm_ask, dismiss_ask, lock_ask, rename_ask
from feedback.asks.decisions.contest import contest
from feedback.asks.decisions.shape import join_asks, move_post, split_ask
from feedback.asks.decisions.undo import undo
from feedback.asks.models import Ask, Membership
from feedback.asks.people import people_behind
from feedback.asks.proposals.operations import dismiss
from feedback.asks.queries import posts_of
from feedback.asks.stages import Stage
from feedback.asks.staging import set_stage
from feedback.forum.votes.operations import vote
from feedback.journal.models import Entry
from feedback.kernel.refusals import Refusal
from tests.both import often

pytestmark = pytest.mark.django_db


def state():
    """Everything a decision may touch, by value."""
    return (
        sorted(
            Membership.objects.values_list(
                "post", "ask", "source", "actor", "is_confirmed", "score", "model_key"
            )
        ),
        sorted(
            Ask.objects.exclude(state__in=["JOINED", "RETIRED"]).values_list(
                "pk", "title", "state", "is_locked", "post_count", "people_count"
            )
        ),
    )


def live(number):
    return list(Ask.objects.exclude(state__in=["JOINED", "RETIRED"]).order_by("id"))[number]


DECISIONS = {
    "confirm": lambda pia, now: confirm_ask(ask=live(0), actor=pia, now=now, title="X"),
    "rename": lambda pia, now: rename_ask(ask=live(0), title="Y", actor=pia, now=now),
    "join": lambda pia, now: join_asks(ask=live(0), into=live(1), actor=pia, now=now),
    "split": lambda pia, now: split_ask(
        ask=live(0),
        posts=[posts_of(live(0))[0].post],
        title="Z",
        actor=pia,
        now=now,
    ),
    "move": lambda pia, now: move_post(
        post=posts_of(live(0))[0].post, to=live(1), actor=pia, now=now
    ),
    "out": lambda pia, now: move_post(post=posts_of(live(0))[0].post, to=None, actor=pia, now=now),
    "lock": lambda pia, now: lock_ask(ask=live(0), actor=pia, now=now),
    "dismiss": lambda pia, now: dismiss_ask(ask=live(0), actor=pia, now=now),
}


@pytest.mark.parametrize("name", DECISIONS)
def test_undoing_restores_everything_exactly(grouped, pia, now, name):
    before = state()
    decision = DECISIONS[name](pia, now)
    assert state() != before
    undo(decision=decision, actor=pia, now=now)
    assert state() == before
    assert drifted() == []


@given(st.lists(st.sampled_from(sorted(DECISIONS)), min_size=1, max_size=6))
@settings(max_examples=often(15))
def test_undoing_any_sequence_backwards_restores_everything(grouped, pia, now, names):
    before = state()
    made = []
    for name in names:
        try:
            made.append(DECISIONS[name](pia, now))
        except (Refusal, IndexError):
            continue
    assert drifted() == []
    for decision in reversed(made):
        undo(decision=decision, actor=pia, now=now)
    assert state() == before
    assert drifted() == []


def test_a_decision_others_stand_on_is_undone_last(grouped, pia, now, ask_of):
    ask = ask_of(grouped["dark"][0])
    first = confirm_ask(ask=ask, actor=pia, now=now, title="Dark")
    rename_ask(ask=ask, title="Night", actor=pia, now=now)
    with pytest.raises(Refusal, match="Undo that first"):
        undo(decision=first, actor=pia, now=now)


def test_undoing_twice_is_told(grouped, pia, now, ask_of):
    decision = lock_ask(ask=ask_of(grouped["dark"][0]), actor=pia, now=now)
    undo(decision=decision, actor=pia, now=now)
    with pytest.raises(Refusal, match="undone already"):
        undo(decision=decision, actor=pia, now=now)


def test_a_decision_and_its_journal_entry_are_one(grouped, pia, now, ask_of):
    ask = ask_of(grouped["dark"][0])
    confirm_ask(ask=ask, actor=pia, now=now)
    entry = Entry.objects.get(verb="asks.ask-confirmed")
    assert (entry.subject_id, entry.actor_id) == (ask.pk, pia.pk)


def test_the_author_contests_and_the_post_leaves_at_once(grouped, pia, now, ask_of, client_of):
    post = grouped["dark"][0]
    ask = ask_of(post)
    confirm_ask(ask=ask, actor=pia, now=now)
    people = ask.people_count
    client_of(post.author).post(f"/posts/{post.public_id}/contest/")
    assert ask_of(post) is None
    ask.refresh_from_db()
    assert ask.people_count == people - 1
    proposal = ask.proposals.get(kind="CONTEST")
    assert proposal.post == post


def test_putting_a_contested_post_back_undoes_the_contest(grouped, pia, now, ask_of):
    post = grouped["dark"][0]
    ask = ask_of(post)
    before = state()
    contest(post=post, author=post.author, now=now)
    dismiss(proposal=ask.proposals.get(kind="CONTEST"), actor=pia, now=now)
    assert state() == before


def test_nobody_else_may_contest(grouped, bo, now, ask_of, client_of):
    post = grouped["dark"][0]
    client_of(bo).post(f"/posts/{post.public_id}/contest/")
    assert ask_of(post) is not None


def test_voters_and_authors_are_counted_once_across_an_ask(grouped, pia, now, ask_of, ann):
    ask = ask_of(grouped["dark"][0])
    for post in grouped["dark"]:
        vote(post=post, person=ann, now=now)
    recount([ask.pk])
    ask.refresh_from_db()
    assert ask.people_count == len(grouped["dark"]) + 1
    assert people_behind([ask.pk]).count() == ask.people_count


def test_declining_needs_a_public_reason(grouped, pia, now, ask_of):
    ask = ask_of(grouped["dark"][0])
    confirm_ask(ask=ask, actor=pia, now=now)
    with pytest.raises(Refusal, match="Say why"):
        decline_ask(ask=ask, reason="  ", actor=pia, now=now)
    decline_ask(ask=ask, reason="Not this year.", actor=pia, now=now)
    ask.refresh_from_db()
    assert (ask.stage, ask.decline_reason) == ("DECLINED", "Not this year.")


def test_a_stage_follows_the_table(grouped, pia, now, ask_of):
    ask = ask_of(grouped["dark"][0])
    confirm_ask(ask=ask, actor=pia, now=now)
    with pytest.raises(Refusal, match="cannot become"):
        set_stage(ask=ask, stage=Stage.SHIPPED, actor=pia, now=now)


def test_an_answer_counts_as_answered_from_the_first_on(grouped, pia, now, ask_of, frozen):
    ask = ask_of(grouped["dark"][0])
    confirm_ask(ask=ask, actor=pia, now=now)
    answer_ask(ask=ask, body="We are on it.", actor=pia, now=now)
    frozen.shift(3600)
    answer_ask(ask=ask, body="Soon.", actor=pia, now=now)
    ask.refresh_from_db()
    assert ask.answered_at == now
    assert summary().answered == 1


def test_whoever_decides_sees_it_counted_at_once(
    grouped, pia, now, ask_of, django_capture_on_commit_callbacks
):
    ask = ask_of(grouped["dark"][0])
    assert (summary().public, summary(ask.product).public) == (0, 0)
    with django_capture_on_commit_callbacks(execute=True):
        decision = confirm_ask(ask=ask, actor=pia, now=now)
    assert (summary().public, summary(ask.product).public) == (1, 1)
    with django_capture_on_commit_callbacks(execute=True):
        undo(decision=decision, actor=pia, now=now)
    assert summary().public == 0
    with django_capture_on_commit_callbacks(execute=True):
        confirm_ask(ask=ask, actor=pia, now=now)
        answer_ask(ask=ask, body="We are on it.", actor=pia, now=now)
    assert summary().answered == 1


def test_what_is_only_proposed_is_not_shown_to_members(grouped, ask_of, client_of, ann, pia):
    ask = ask_of(grouped["dark"][0])
    assert client_of(ann).get(f"/asks/{ask.public_id}/").status_code == 404
    assert client_of(pia).get(f"/asks/{ask.public_id}/").status_code == 200


def test_an_ask_that_is_only_proposed_cannot_be_contested_since_nobody_may_know_of_it(
    grouped, ask_of, client_of
):
    post = grouped["dark"][0]
    client_of(post.author).post(f"/posts/{post.public_id}/contest/")
    assert ask_of(post) is not None


def test_an_ask_is_answered_from_the_first_answer_of_those_joined_into_it(
    grouped, pia, now, ask_of, frozen
):
    ask, into = ask_of(grouped["深色"][0]), ask_of(grouped["dark"][0])
    for one in (ask, into):
        confirm_ask(ask=one, actor=pia, now=now)
    answer_ask(ask=ask, body="Soon.", actor=pia, now=now)
    join = join_asks(ask=ask, into=into, actor=pia, now=now)
    into.refresh_from_db()
    assert into.answered_at == now
    undo(decision=join, actor=pia, now=now)
    into.refresh_from_db()
    assert into.answered_at is None
