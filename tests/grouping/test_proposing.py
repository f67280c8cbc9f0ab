"""What a run proposes: to move posts that stand nearer to another ask, to join asks of which half would go."""

import pytest

from feedback.asks.counts import recount
from feedback.asks.decisions.pairs import say_together
from feedback.asks.decisions.undo import undo
from feedback.asks.models import Ask, Decision, Membership, Proposal
from feedback.asks.proposals.operations import accept, dismiss
from feedback.grouping.runs import apply

pytestmark = pytest.mark.django_db


MORE = [
    "Dark mode for the app please",
    "Add dark mode to the app",
    "A dark mode at night would be great",
    "We need dark mode",
]


@pytest.fixture
def two(grouped, ask_of, publish, person, regroup, pia, now):
    """Two public asks that want a dark mode, four posts each; a person said of two of the posts that they are the same."""
    grouped["dark"] += [publish(person(f"More {at}"), title) for at, title in enumerate(MORE)]
    regroup()
    assert len({ask_of(post) for post in grouped["dark"]}) == 1
    Ask.objects.update(state=Ask.State.PUBLIC)
    first = ask_of(grouped["dark"][0])
    second = Ask.objects.create(
        product=first.product,
        title="A dark theme",
        medoid=grouped["dark"][4],
        state=Ask.State.PUBLIC,
        created_at=first.created_at,
    )
    Membership.objects.filter(post__in=grouped["dark"][4:]).update(ask=second)
    recount([first.pk, second.pk])
    say_together(post=grouped["dark"][0], other=grouped["dark"][4], actor=pia, now=now)
    return first, second


def found(*kinds):
    return Proposal.objects.filter(kind__in=kinds, state=Proposal.State.OPEN)


def test_asks_of_which_half_would_go_are_proposed_to_become_one(two, regroup):
    regroup()
    proposal = found("JOIN").get()
    assert {proposal.ask, proposal.other_ask} == set(two)
    assert proposal.evidence["posts"] >= 2
    assert not found("MOVE").exists()
    regroup()
    assert found("JOIN").get() == proposal


def test_one_post_of_many_is_proposed_to_move(grouped, ask_of, regroup):
    Ask.objects.update(state=Ask.State.PUBLIC)
    stray, home, other = grouped["dark"][0], ask_of(grouped["dark"][1]), ask_of(grouped["crash"][0])
    Membership.objects.filter(post=stray).update(ask=other)
    regroup()
    proposal = found("MOVE").get()
    assert (proposal.post, proposal.ask, proposal.other_ask) == (stray, other, home)
    assert not found("JOIN").exists()
    Membership.objects.filter(post=stray).update(ask=home)
    regroup()
    assert not found("MOVE").exists(), "It stands where it belongs, so there is nothing to decide."


def test_joined_they_are_one_and_kept_apart_they_stay_two(two, regroup, pia, now, grouped, ask_of):
    regroup()
    dismiss(proposal=found("JOIN").get(), actor=pia, now=now)
    regroup()
    assert not found("JOIN", "MOVE").exists()
    assert len({ask_of(post) for post in grouped["dark"]}) == 2


def test_accepting_the_join_brings_every_post_into_one(two, regroup, pia, now, grouped, ask_of):
    regroup()
    accept(proposal=found("JOIN").get(), actor=pia, now=now)
    assert len({ask_of(post) for post in grouped["dark"]}) == 1


@pytest.mark.parametrize(("margin", "joins"), [(2.0, 0), (-2.0, 1)])
def test_without_a_word_only_a_plain_margin_counts(
    two, regroup, pia, now, monkeypatch, margin, joins
):
    undo(decision=Decision.objects.get(kind="TOGETHER"), actor=pia, now=now)
    monkeypatch.setattr(apply, "IN_MEAN", margin)
    monkeypatch.setattr(apply, "IN_NEAREST", margin)
    regroup()
    assert found("JOIN", "MOVE").count() == joins


def test_a_post_may_be_proposed_to_move_into_an_ask_that_is_new(grouped, ask_of, regroup):
    stray, home, other = grouped["dark"][0], ask_of(grouped["dark"][1]), ask_of(grouped["crash"][0])
    Membership.objects.filter(post__in=grouped["dark"]).delete()
    Membership.objects.filter(post=grouped["crash"][0]).update(post=stray)
    Proposal.objects.filter(ask=home).delete()
    home.delete()
    Ask.objects.filter(pk=other.pk).update(state=Ask.State.PUBLIC)
    assert regroup().state == "DONE"
    assert ask_of(grouped["dark"][1]) not in (None, other)
    assert ask_of(stray) == other
    assert found("MOVE").get().other_ask == ask_of(grouped["dark"][1])
