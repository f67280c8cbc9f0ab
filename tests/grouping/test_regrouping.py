"""Runs: what the machine finds, and that it never undoes a person."""

import datetime as dt

import pytest

from feedback.asks.counts import recount
from feedback.asks.decisions.confirm import confirm_ask, dismiss_ask, lock_ask
from feedback.asks.decisions.pairs import say_apart, say_together
from feedback.asks.decisions.shape import join_asks, move_post, split_ask
from feedback.asks.decisions.undo import undo
from feedback.asks.models import Ask, Membership, Proposal
from feedback.grouping.models import Run
from feedback.grouping.place.operations import place_pending
from feedback.grouping.runs.regroup import regroup_due
from feedback.grouping.runs.request import request_run
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db


def memberships():
    return dict(Membership.objects.values_list("post", "ask"))


def test_posts_that_ask_for_the_same_become_one_proposed_ask(grouped, ask_of):
    for theme in ("dark", "export", "crash", "深色"):
        asks = {ask_of(post) for post in grouped[theme]}
        assert len(asks) == 1, theme
        assert asks.pop().state == Ask.State.PROPOSED


def test_a_post_alone_stays_alone(grouped, ask_of):
    assert [ask_of(post) for post in grouped["alone"]] == [None, None]


def test_every_membership_says_why_and_by_whom(grouped):
    for membership in Membership.objects.all():
        assert membership.source == "MACHINE"
        assert membership.reason["nearest"], membership
        assert membership.model_key
        assert membership.run_id is not None


def test_each_new_ask_is_proposed_once_with_its_people(grouped, regroup):
    regroup()
    proposals = Proposal.objects.filter(kind="NEW_ASK", state="OPEN")
    assert proposals.count() == Ask.objects.filter(state="PROPOSED").count()
    assert all(proposal.people_count == proposal.ask.people_count for proposal in proposals)


def test_running_again_changes_nothing(grouped, regroup):
    before = memberships()
    titles = dict(Ask.objects.values_list("pk", "title"))
    regroup()
    assert memberships() == before
    assert dict(Ask.objects.values_list("pk", "title")) == titles


def test_asks_keep_their_identity_when_posts_are_added(grouped, regroup, publish, ann, ask_of):
    ask = ask_of(grouped["dark"][0])
    new = publish(ann, "A dark mode for the app please")
    regroup()
    assert ask_of(new) == ask
    assert ask_of(grouped["dark"][0]) == ask


def test_what_a_person_confirmed_survives_every_run(grouped, regroup, pia, ask_of, now):
    ask = ask_of(grouped["dark"][0])
    stray = grouped["alone"][0]
    confirm_ask(ask=ask, actor=pia, now=now, title="A dark theme")
    move_post(post=stray, to=ask, actor=pia, now=now)
    for _ in range(3):
        regroup()
    ask.refresh_from_db()
    assert ask_of(stray) == ask
    assert ask.title == "A dark theme"
    assert ask.state == Ask.State.PUBLIC


def test_a_post_moved_out_never_comes_back_by_itself(grouped, regroup, pia, ask_of, now):
    post = grouped["export"][1]
    ask = ask_of(post)
    move_post(post=post, to=None, actor=pia, now=now)
    regroup()
    regroup()
    assert ask_of(post) != ask


def test_undoing_the_move_lets_the_machine_judge_afresh(grouped, regroup, pia, ask_of, now):
    post = grouped["export"][1]
    ask = ask_of(post)
    before = memberships()
    decision = move_post(post=post, to=None, actor=pia, now=now)
    regroup()
    undo(decision=decision, actor=pia, now=now)
    regroup()
    assert ask_of(post) == ask
    assert before.items() <= memberships().items()


def test_split_posts_stay_split(grouped, regroup, pia, ask_of, now):
    ask = ask_of(grouped["crash"][0])
    two = grouped["crash"][:2]
    decision = split_ask(ask=ask, posts=two, title="Opening settings", actor=pia, now=now)
    regroup()
    assert {ask_of(post) for post in two} == {decision.other_ask}
    assert ask_of(grouped["crash"][2]) == ask


def test_joined_asks_stay_joined_and_the_old_link_leads_on(
    grouped, regroup, pia, ask_of, now, client_of
):
    english, chinese = ask_of(grouped["dark"][0]), ask_of(grouped["深色"][0])
    confirm_ask(ask=english, actor=pia, now=now)
    join_asks(ask=chinese, into=english, actor=pia, now=now)
    regroup()
    assert {ask_of(post) for post in grouped["深色"]} == {english}
    response = client_of(None).get(f"/asks/{chinese.public_id}/")
    assert response.status_code == 301
    assert response.url == f"/asks/{english.public_id}/"


def test_a_locked_ask_gains_and_loses_nothing(
    grouped, regroup, pia, ask_of, publish, ann, now, embed
):
    ask = ask_of(grouped["dark"][0])
    lock_ask(ask=ask, actor=pia, now=now)
    before = set(Membership.objects.filter(ask=ask).values_list("post", flat=True))
    publish(ann, "Add a dark mode now")
    embed()
    place_pending(now=now)
    regroup()
    assert set(Membership.objects.filter(ask=ask).values_list("post", flat=True)) == before


def test_a_dismissed_ask_is_not_proposed_again(grouped, regroup, pia, ask_of, now):
    ask = ask_of(grouped["export"][0])
    dismiss_ask(ask=ask, actor=pia, now=now)
    regroup()
    ask.refresh_from_db()
    assert ask.state == Ask.State.DISMISSED
    assert not Proposal.objects.filter(ask=ask, state="OPEN").exists()
    assert {ask_of(post) for post in grouped["export"]} == {ask}


def more_people(grouped, person, publish, ask, numbers):
    """Have so many others post what the refused ask is about."""
    for n in numbers:
        post = publish(person(f"Late {n}"), f"{grouped['export'][0].title} {n}")
        Membership.objects.create(
            ask=ask, post=post, source="MACHINE", model_key="test", placed_at=post.posted_at
        )
    recount([ask.pk])


def again_about(ask):
    return Proposal.objects.filter(ask=ask, state="OPEN", fingerprint__startswith="again:")


def test_a_dismissed_ask_is_proposed_once_more_when_as_many_again_ask(
    grouped, regroup, pia, ask_of, now, person, publish, frozen, client_of
):
    ask = ask_of(grouped["export"][0])
    dismiss_ask(ask=ask, actor=pia, now=now)
    frozen.move_to(now + dt.timedelta(days=3))
    more_people(grouped, person, publish, ask, range(4))
    regroup()
    assert not again_about(ask).exists()
    more_people(grouped, person, publish, ask, range(4, 13))
    regroup()
    proposal = again_about(ask).get()
    page = client_of(pia).get(f"/desk/proposals/{proposal.public_id}/").content.decode()
    assert "said no to this on" in page
    assert "more people asked" in page
    # A second no holds until as many come again.
    dismiss_ask(ask=ask, actor=pia, now=clock.now())
    regroup()
    assert not again_about(ask).exists()


def test_what_was_proposed_once_more_goes_when_the_no_is_taken_back(
    grouped, regroup, pia, ask_of, now, person, publish, frozen
):
    ask = ask_of(grouped["export"][0])
    decision = dismiss_ask(ask=ask, actor=pia, now=now)
    frozen.move_to(now + dt.timedelta(days=3))
    more_people(grouped, person, publish, ask, range(12))
    regroup()
    assert again_about(ask).exists()
    undo(decision=decision, actor=pia, now=clock.now())
    assert [one.fingerprint[:4] for one in Proposal.objects.filter(ask=ask, state="OPEN")] == [
        "new:"
    ]
    confirm_ask(ask=ask, actor=pia, now=clock.now())
    assert not Proposal.objects.filter(ask=ask, state="OPEN").exists()


def test_posts_said_apart_do_not_share_an_ask(grouped, regroup, pia, ask_of, now):
    first, second = grouped["dark"][:2]
    say_apart(post=first, other=second, actor=pia, now=now)
    regroup()
    assert ask_of(first) is None or ask_of(first) != ask_of(second)


def test_a_contradiction_is_told_with_its_chain(grouped, pia, now):
    first, second, third = grouped["dark"][:3]
    say_together(post=first, other=second, actor=pia, now=now)
    say_together(post=second, other=third, actor=pia, now=now)
    with pytest.raises(Refusal, match="contradicts") as told:
        say_apart(post=first, other=third, actor=pia, now=now)
    assert first.title in str(told.value)


def test_in_a_public_ask_the_machine_only_proposes_to_move_a_post(
    grouped, regroup, pia, ask_of, now
):
    """A post nobody confirmed in a public ask stays where readers saw it."""
    ask, other = ask_of(grouped["dark"][0]), ask_of(grouped["export"][0])
    confirm_ask(ask=ask, actor=pia, now=now)
    stray = grouped["export"][0]
    Membership.objects.filter(post=stray).update(ask=ask, is_confirmed=False)
    regroup()
    assert ask_of(stray) == ask
    proposal = Proposal.objects.filter(kind="MOVE", post=stray, state="OPEN").first()
    assert proposal is None or proposal.other_ask == other


def test_a_run_killed_in_the_middle_is_taken_up_again(product, posts, embed, now, frozen):
    embed()
    run = request_run(product=product, now=now)
    Run.objects.filter(pk=run.pk).update(
        state="RUNNING", started_at=now, leased_until=now, attempts=1
    )
    frozen.shift(60)
    assert regroup_due(now=clock.now()) == run
    run.refresh_from_db()
    assert run.state == Run.State.DONE
    assert run.group_count >= 4


def test_only_one_run_waits_however_often_it_is_asked_for(product, posts, embed, now, pia):
    first = request_run(product=product, now=now, requested_by=pia)
    assert request_run(product=product, now=now) == first
