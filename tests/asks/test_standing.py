"""What people said stands: no order of clicks makes a run fail, a count drift, or a word be lost."""

import pytest

from feedback.asks.answers import answer_ask
from feedback.asks.counts import drifted, recount
from feedback.asks.decisions.confirm import confirm_ask, dismiss_ask, lock_ask, rename_ask
from feedback.asks.decisions.contest import contest as contest_membership
from feedback.asks.decisions.pairs import keep_apart, say_apart, say_together
from feedback.asks.decisions.shape import join_asks, move_post, split_ask
from feedback.asks.decisions.undo import undo
from feedback.asks.models import Ask, Bond, Decision, Membership, Proposal
from feedback.forum.posts.operations import hide_post, withdraw_post
from feedback.grouping.models import Run
from feedback.grouping.runs.regroup import is_due, regroup_due
from feedback.grouping.runs.request import request_run
from feedback.grouping.vectors.encoders import current_model
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db


# --- Contradictions -------------------------------------------------------------------------------------
def test_confirming_posts_that_were_said_apart_is_refused_with_the_chain(grouped, pia, ask_of, now):
    first, second = grouped["dark"][:2]
    say_apart(post=first, other=second, actor=pia, now=now)
    with pytest.raises(Refusal, match="contradicts"):
        confirm_ask(ask=ask_of(first), actor=pia, now=now)
    assert not Membership.objects.filter(is_confirmed=True).exists()


def test_splitting_off_one_of_two_said_together_is_refused(grouped, pia, ask_of, now):
    first, second = grouped["dark"][:2]
    confirm_ask(ask=ask_of(first), actor=pia, now=now)
    say_together(post=first, other=second, actor=pia, now=now)
    with pytest.raises(Refusal, match="contradicts"):
        split_ask(ask=ask_of(first), posts=[first], title="Alone", actor=pia, now=now)


def test_undoing_into_a_contradiction_is_refused(grouped, pia, ask_of, now):
    first, second = grouped["dark"][:2]
    confirm_ask(ask=ask_of(first), actor=pia, now=now)
    split = split_ask(ask=ask_of(first), posts=[first], title="One", actor=pia, now=now)
    say_apart(post=first, other=second, actor=pia, now=now)
    with pytest.raises(Refusal, match="contradicts"):
        undo(decision=split, actor=pia, now=now)


def test_a_failed_run_is_not_tried_again_at_once(
    product, grouped, regroup, monkeypatch, frozen, publish, ann
):
    from feedback.grouping.runs import regroup as runs

    monkeypatch.setattr(runs, "explain", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        regroup()
    frozen.shift(1)
    for number in range(12):
        publish(ann, f"Something new {number}")
    model = current_model()
    monkeypatch.setattr("feedback.grouping.runs.regroup.missing_count", lambda key, product: 0)
    assert not is_due(product, model)
    frozen.shift(61)
    assert is_due(product, model)


# --- Undo -----------------------------------------------------------------------------------------------
def test_undoing_a_move_takes_the_post_back_from_where_the_machine_put_it(
    grouped, pia, ask_of, now
):
    post, elsewhere = grouped["dark"][0], ask_of(grouped["export"][0])
    home = ask_of(post)
    decision = move_post(post=post, to=None, actor=pia, now=now)
    Membership.objects.create(post=post, ask=elsewhere, source="MACHINE", score=0.5, placed_at=now)
    recount([elsewhere.pk])
    undo(decision=decision, actor=pia, now=now)
    assert ask_of(post) == home
    assert drifted() == []


def test_a_move_that_a_later_move_stands_on_is_undone_last(grouped, pia, ask_of, now):
    post, elsewhere = grouped["dark"][0], ask_of(grouped["export"][0])
    out = move_post(post=post, to=None, actor=pia, now=now)
    into = move_post(post=post, to=elsewhere, actor=pia, now=now)
    with pytest.raises(Refusal, match="Undo that first"):
        undo(decision=out, actor=pia, now=now)
    undo(decision=into, actor=pia, now=now)
    undo(decision=out, actor=pia, now=now)
    assert ask_of(post) == ask_of(grouped["dark"][1])
    assert drifted() == []


def test_decisions_about_different_things_are_undone_in_any_order(grouped, pia, ask_of, now):
    ask = ask_of(grouped["dark"][0])
    locked = lock_ask(ask=ask, actor=pia, now=now)
    rename_ask(ask=ask, title="Night", actor=pia, now=now)
    undo(decision=locked, actor=pia, now=now)
    ask.refresh_from_db()
    assert (ask.title, ask.is_locked) == ("Night", False)


def test_an_author_s_contest_does_not_block_the_team_s_undo_and_stays(grouped, pia, ask_of, now):
    post = grouped["深色"][0]
    ask, into = ask_of(post), ask_of(grouped["dark"][0])
    join = join_asks(ask=ask, into=into, actor=pia, now=now)
    contest = contest_membership(post=post, author=post.author, now=now)
    undo(decision=join, actor=pia, now=now)
    assert ask_of(post) is None
    assert ask_of(grouped["深色"][1]) == ask
    undo(decision=contest, actor=pia, now=now)
    assert ask_of(post) == ask
    assert drifted() == []


def test_undoing_a_join_opens_the_proposals_it_closed(grouped, pia, ask_of, now):
    ask, into = ask_of(grouped["深色"][0]), ask_of(grouped["dark"][0])
    proposal = Proposal.objects.get(ask=ask, kind="NEW_ASK")
    join = join_asks(ask=ask, into=into, actor=pia, now=now)
    proposal.refresh_from_db()
    assert proposal.state == "STALE"
    undo(decision=join, actor=pia, now=now)
    proposal.refresh_from_db()
    assert proposal.state == "OPEN"


def test_a_proposal_about_an_ask_that_was_joined_away_is_closed(grouped, pia, ask_of, now):
    ask, into = ask_of(grouped["深色"][0]), ask_of(grouped["dark"][0])
    proposal = Proposal.objects.create(
        kind="JOIN", fingerprint="join:x", ask=into, other_ask=ask, proposed_at=now
    )
    join_asks(ask=ask, into=into, actor=pia, now=now)
    proposal.refresh_from_db()
    assert proposal.state == "STALE"


def test_an_answered_ask_stays_public(grouped, pia, ask_of, now):
    ask = ask_of(grouped["dark"][0])
    confirm = confirm_ask(ask=ask, actor=pia, now=now)
    answer_ask(ask=ask, body="Soon.", actor=pia, now=now)
    with pytest.raises(Refusal, match="stays public"):
        undo(decision=confirm, actor=pia, now=now)


def test_what_was_left_out_comes_back_with_the_undo_of_the_confirmation(
    grouped, client_of, pia, ask_of
):
    ask = ask_of(grouped["crash"][0])
    shown = [post.public_id for post in grouped["crash"]]
    client = client_of(pia)
    proposal = Proposal.objects.get(ask=ask, kind="NEW_ASK")
    client.post(
        f"/desk/proposals/{proposal.public_id}/",
        {"do": "confirm", "shown": shown, "post": shown[:3]},
    )
    decision = Decision.objects.get()
    client.post(f"/desk/decisions/{decision.public_id}/undo/")
    assert {ask_of(post) for post in grouped["crash"]} == {ask}
    assert not Bond.objects.filter(decision__undone_at__isnull=True).exists()
    assert drifted() == []


# --- Runs and placements --------------------------------------------------------------------------------
def test_a_run_does_not_put_back_what_its_author_contested_meanwhile(
    grouped, regroup, monkeypatch, now, ask_of, pia
):
    """Somebody decides during each attempt, so that a stale result is applied in the end."""
    from feedback.engine import Grouper

    confirm_ask(ask=ask_of(grouped["export"][0]), actor=pia, now=now)
    waiting = list(grouped["dark"][:3])
    fit = Grouper.fit

    def fit_while_people_contest(self, *args, **kwargs):
        result = fit(self, *args, **kwargs)
        post = waiting.pop()
        contest_membership(post=post, author=post.author, now=clock.now())
        return result

    monkeypatch.setattr(Grouper, "fit", fit_while_people_contest)
    run = regroup()
    assert run.state == "DONE"
    home = ask_of(grouped["dark"][3])
    assert all(ask_of(post) != home or home is None for post in grouped["dark"][:3])


def test_a_result_whose_lease_another_worker_took_is_dropped(
    product, grouped, embed, monkeypatch, now
):
    from feedback.engine import Grouper

    fit = Grouper.fit

    def fit_too_long(self, *args, **kwargs):
        Run.objects.filter(state="RUNNING").update(attempts=2)
        return fit(self, *args, **kwargs)

    monkeypatch.setattr(Grouper, "fit", fit_too_long)
    embed()
    request_run(product=product, now=now)
    assert regroup_due(now=now) is None
    assert Run.objects.filter(state="FAILED").count() == 0


def test_keeping_two_asks_apart_holds_for_all_their_posts(grouped, regroup, pia, ask_of, now):
    dark, other = ask_of(grouped["dark"][0]), ask_of(grouped["深色"][0])
    keep_apart(ask=dark, other=other, actor=pia, now=now)
    regroup()
    assert {ask_of(post) for post in grouped["dark"]} == {dark}
    assert {ask_of(post) for post in grouped["深色"]} == {other}
    with pytest.raises(Refusal, match="does not belong here"):
        join_asks(ask=other, into=dark, actor=pia, now=now)


def test_saying_no_to_a_join_works_on_the_desk(grouped, client_of, pia, ask_of, now):
    proposal = Proposal.objects.create(
        kind="JOIN",
        fingerprint="join:y",
        ask=ask_of(grouped["dark"][0]),
        other_ask=ask_of(grouped["深色"][0]),
        proposed_at=now,
    )
    answer = client_of(pia).post(f"/desk/proposals/{proposal.public_id}/", {"do": "reject"})
    assert answer.status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == "DISMISSED"


def test_a_dismissed_ask_frees_its_posts_and_no_run_ends_it(grouped, regroup, pia, ask_of, now):
    ask = ask_of(grouped["export"][0])
    confirm_ask(ask=ask, actor=pia, now=now)
    dismiss_ask(ask=ask, actor=pia, now=now)
    assert not Membership.objects.filter(ask=ask, is_confirmed=True).exists()
    for post in grouped["export"][:3]:
        move_post(post=post, to=None, actor=pia, now=now)
    regroup()
    ask.refresh_from_db()
    assert ask.state == Ask.State.DISMISSED


def test_a_public_ask_is_not_joined_into_one_nobody_confirmed(grouped, pia, ask_of, now):
    ask, into = ask_of(grouped["深色"][0]), ask_of(grouped["dark"][0])
    confirm_ask(ask=ask, actor=pia, now=now)
    with pytest.raises(Refusal, match="Confirm it first"):
        join_asks(ask=ask, into=into, actor=pia, now=now)


def test_posts_that_came_after_the_page_was_read_stay_unconfirmed(
    grouped, pia, ask_of, now, frozen, publish, ann
):
    ask = ask_of(grouped["dark"][0])
    frozen.shift(60)
    late = publish(ann, "Dark mode as well")
    Membership.objects.create(
        post=late, ask=ask, source="MACHINE", score=0.9, placed_at=clock.now()
    )
    confirm_ask(ask=ask, actor=pia, now=clock.now(), seen_at=now)
    assert not Membership.objects.get(post=late).is_confirmed
    assert Membership.objects.get(post=grouped["dark"][0]).is_confirmed


# --- Counts and names -----------------------------------------------------------------------------------
def test_a_withdrawn_post_is_counted_no_longer(grouped, pia, ask_of, now, run_jobs):
    post = grouped["dark"][0]
    ask = ask_of(post)
    withdraw_post(post=post, author=post.author, now=now)
    run_jobs()
    ask.refresh_from_db()
    assert (ask.post_count, ask.people_count) == (3, 3)
    assert drifted() == []


def test_hidden_words_do_not_stay_as_the_title_of_an_ask(grouped, pia, mo, ask_of, now, run_jobs):
    ask = ask_of(grouped["dark"][0])
    confirm_ask(ask=ask, actor=pia, now=now)
    medoid, title = ask.medoid, ask.title
    hide_post(post=medoid, moderator=mo, now=now)
    run_jobs()
    ask.refresh_from_db()
    assert ask.medoid != medoid
    assert ask.title != title
