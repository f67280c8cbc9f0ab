"""Trust grows by what comes of what people do, never by how much they do, and goes where that is undone."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from feedback.accounts.models import Standing, User
from feedback.accounts.outcomes import counting
from feedback.accounts.outcomes.kinds import kinds
from feedback.accounts.own_data.erasing import ask_erasure, erase_due
from feedback.accounts.restrictions import FOR_EVER
from feedback.accounts.trust import NEW_FOR, Trust, earned_by, level_of
from feedback.asks.answers import decline_ask
from feedback.asks.decisions.confirm import confirm_ask
from feedback.asks.decisions.contest import contest
from feedback.asks.decisions.undo import undo
from feedback.asks.models import Membership, Proposal
from feedback.asks.proposals.operations import accept
from feedback.forum.comments.operations import accept_answer, comment
from feedback.forum.moderation import deciding
from feedback.roadmap import operations as roadmap

pytestmark = pytest.mark.django_db
KINDS = [kind.key for kind in kinds()]


# --- What counts ----------------------------------------------------------------------------------------
def test_an_ask_that_is_taken_up_makes_its_author_known(dark_mode, ann, bo, count, level):
    assert count(ann) == {"asks": 1}
    assert (level(ann), level(bo)) == (Trust.KNOWN, Trust.MEMBER)
    assert level(ann, days=0.5) == Trust.NEW, "The first day is the first day."


def test_who_posts_what_is_taken_up_already_gains_nothing(
    dark_mode, bo, publish, count, frozen, now
):
    frozen.shift(60)
    late = publish(bo, "Dark mode too")
    Membership.objects.create(
        post=late, ask=dark_mode, source="MACHINE", model_key="test", placed_at=now
    )
    assert count(bo) == {}


def test_ten_posts_of_one_ask_are_one_outcome(ann, publish, make_ask, count, level):
    make_ask(*(publish(ann, f"Dark mode, {number}") for number in range(10)))
    assert count(ann) == {"asks": 1}
    assert level(ann) == Trust.KNOWN


def test_posts_without_an_outcome_are_none(ann, publish, make_ask, count, level):
    for number in range(20):
        make_ask(publish(ann, f"Wish {number}"), state="PROPOSED")
    assert count(ann) == {}
    assert level(ann) == Trust.MEMBER


def test_what_is_declined_counts_no_more(dark_mode, ann, pia, count, now):
    assert count(ann) == {"asks": 1}
    decline_ask(ask=dark_mode, reason="Too dear.", actor=pia, now=now)
    assert count(ann) == {}


def test_a_decision_that_is_undone_takes_it_away_again(ann, pia, publish, make_ask, count, now):
    ask = make_ask(publish(ann, "Dark mode"), state="PROPOSED")
    decision = confirm_ask(ask=ask, actor=pia, now=now)
    assert count(ann) == {"asks": 1}
    undo(decision=decision, actor=pia, now=now)
    assert count(ann) == {}


def test_what_ships_earns_a_badge_and_no_second_outcome(item, ann, pia, count, now):
    roadmap.ship(item=item, version="1.4.0", actor=pia, now=now)
    assert count(ann) == {"asks": 1, "shipped": 1}
    assert Standing.objects.get(person=ann).total == 1


def test_an_accepted_answer_counts_once_a_person_helped(ann, bo, publish, count, now):
    questions = [publish(ann, title, kind="QUESTION") for title in ("How?", "And how?")]
    for question in questions:
        said = comment(post=question, author=bo, body="So.", now=now)
        accept_answer(post=question, comment=said, actor=ann, now=now)
    assert count(bo) == {"answers": 1}
    for question in questions:
        accept_answer(post=question, comment=None, actor=ann, now=now)
    assert count(bo) == {}


def test_who_accepts_their_own_answer_gains_nothing(ann, publish, count, now):
    question = publish(ann, "How?", kind="QUESTION")
    said = comment(post=question, author=ann, body="So.", now=now)
    accept_answer(post=question, comment=said, actor=ann, now=now)
    assert count(ann) == {}


def test_a_report_counts_while_what_the_team_did_stands(
    ann, bo, mo, publish, reported, ruled, count, now
):
    case = reported(publish(ann, "Buy pills"), bo)
    assert count(bo) == {}
    ruling = ruled(case, mo, "HIDE")
    assert count(bo) == {"reports": 1}
    deciding.undo(ruling=ruling, actor=mo, now=now)
    assert count(bo) == {}


def test_a_report_of_what_stays_is_no_outcome(ann, bo, mo, publish, reported, ruled, count):
    ruled(reported(publish(ann, "Honest words"), bo), mo, "KEEP")
    assert count(bo) == {}


def test_setting_a_grouping_right_counts_once_the_team_agrees(dark_mode, ann, pia, count, now):
    contest(post=dark_mode.medoid, author=ann, now=now)
    assert count(ann) == {}
    accept(proposal=Proposal.objects.get(kind="CONTEST"), actor=pia, now=now)
    assert count(ann) == {"corrections": 1}


def test_an_imported_author_stands_nowhere(publish, make_ask, count):
    zed = User.objects.create_user(origin="IMPORTED", origin_key="old:zed", display_name="Zed")
    make_ask(publish(zed, "Dark mode"))
    assert count(zed) == {}


def test_whoever_leaves_takes_it_along(dark_mode, ann, count, now):
    count()
    ask_erasure(person=ann, keeps_words=True, actor=ann, now=now)
    erase_due(now=now)
    assert count(ann) == {}
    assert not User.objects.exclude(mark="").exists()


# --- What lowers it ----------------------------------------------------------------------------------------
def test_a_removal_makes_one_a_member_until_it_is_undone(
    dark_mode, ann, mo, publish, reported, ruled, count, level, now
):
    ruling = ruled(reported(publish(ann, "Buy pills"), mo), mo, "REMOVE")
    count()
    assert level(ann) == Trust.MEMBER
    assert level(ann, days=91) == Trust.KNOWN
    deciding.undo(ruling=ruling, actor=mo, now=now)
    count()
    assert level(ann) == Trust.KNOWN


def test_a_mute_makes_one_new_again_for_a_while(
    dark_mode, ann, mo, publish, reported, ruled, count, level
):
    ruled(reported(publish(ann, "Buy pills"), mo), mo, "MUTE", days=3)
    count()
    assert [level(ann, days=days) for days in (7, 32, 34)] == [Trust.NEW, Trust.NEW, Trust.KNOWN]


# --- A function of outcomes alone -----------------------------------------------------------------------
numbers = st.dictionaries(st.sampled_from(KINDS), st.integers(0, 40))


@given(counts=numbers, more=st.sampled_from(KINDS))
def test_a_level_is_a_function_of_outcomes_and_never_falls_by_one_more(counts, more):
    shuffled = dict(reversed(counts.items()))
    assert earned_by(counts) == earned_by(shuffled) == earned_by(dict(counts))
    assert earned_by(counts | {more: counts.get(more, 0) + 1}) >= earned_by(counts)
    assert earned_by(counts | {"shipped": 40, "betas": 40}) == earned_by(counts)
    of_team = sum(counts.get(kind.key, 0) for kind in kinds() if kind.by_team and kind.raises)
    assert earned_by(counts) != Trust.TRUSTED or of_team >= 2


@given(
    counts=numbers, days=st.integers(0, 400), new=st.integers(0, 400), member=st.integers(0, 400)
)
def test_what_lowers_a_level_lowers_it_while_it_lasts_alone(counts, days, new, member):
    joined_at = dt.datetime(2026, 3, 6, tzinfo=dt.UTC)
    now = joined_at + dt.timedelta(days=days)
    standing = Standing(
        counts=counts,
        new_until=joined_at + dt.timedelta(days=new),
        member_until=joined_at + dt.timedelta(days=member),
    )
    found = level_of(standing, joined_at=joined_at, now=now)
    assert found == level_of(standing, joined_at=joined_at, now=now)
    if now - joined_at < NEW_FOR or new > days:
        assert found == Trust.NEW
    elif member > days:
        assert found == Trust.MEMBER
    else:
        assert found == earned_by(counts)


def test_a_ban_lasts(ann, mo, publish, reported, ruled, count, level):
    ruled(reported(publish(ann, "Buy pills"), mo), mo, "BAN")
    count()
    assert Standing.objects.get(person=ann).new_until > FOR_EVER
    assert level(ann, days=5_000) == Trust.NEW


# --- What it unlocks -----------------------------------------------------------------------------------
def test_who_is_known_has_more_room(dark_mode, ann, client_of, count, frozen):
    count()
    frozen.shift(dt.timedelta(days=2).total_seconds())
    client = client_of(ann)
    words = {"kind": "SUGGESTION", "board": "suggestions"}
    codes = [
        client.post("/posts/new/", words | {"title": f"Wish {number}"}).status_code
        for number in range(16)
    ]
    assert codes == [302] * 15 + [429]


# --- Counts never drift ----------------------------------------------------------------------------------
def reconcile(*arguments):
    said = StringIO()
    try:
        call_command("reconcile", *arguments, stdout=said)
    except SystemExit as left:
        return left.code, said.getvalue()
    return 0, said.getvalue()


def test_reconcile_finds_and_mends_what_drifted(dark_mode, ann, bo, count):
    dark_mode.people_count, dark_mode.post_count = 2, 1
    count()
    before = Standing.objects.get(person=ann).counts
    Standing.objects.filter(person=ann).update(counts={"asks": 9}, total=9)
    Standing.objects.create(person=bo, counts={"answers": 3}, total=3)
    User.objects.filter(pk=bo.pk).update(mark="shipped-10")
    code, said = reconcile()
    assert code == 1
    assert "outcomes" in said
    assert len(counting.reconcile(fix=False)) == 2
    reconcile("--fix")
    assert counting.reconcile(fix=False) == set()
    assert Standing.objects.get(person=ann).counts == before
    assert not Standing.objects.filter(person=bo).exists()
    bo.refresh_from_db()
    assert bo.mark == ""


def test_counting_takes_as_many_queries_however_many_people(
    person, publish, make_ask, django_assert_max_num_queries
):
    for number in range(12):
        make_ask(publish(person(f"Person {number}"), f"Wish {number}"))
    with django_assert_max_num_queries(15):
        counting.reconcile(fix=True)
    assert Standing.objects.count() == 12
