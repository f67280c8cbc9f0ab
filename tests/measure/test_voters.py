"""What ties the people behind an ask to each other, without a database."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.engine.stats.camps import reach
from feedback.measure.priority.voters import Person, ties_of
from tests.cast import NOW

LONG_AGO = NOW - dt.timedelta(days=90)


def spread_of(moments, people, ask=1):
    return reach(list(ties_of(moments, people)[ask].values())).spread


def stranger(**known):
    return Person(**({"signed_up_at": LONG_AGO, "domain": "", "invited_by": None} | known))


def one_a_day(number, start=0):
    return {start + n: NOW - dt.timedelta(hours=25 * n) for n in range(number)}


def test_strangers_count_each():
    people = {n: stranger() for n in range(60)}
    assert spread_of({1: one_a_day(60)}, people) == 60


@pytest.mark.parametrize(
    "crowd",
    [
        {n: stranger(invited_by=(n - 1) // 6) for n in range(1, 300)} | {0: stranger()},
        {n: stranger(invited_by=(n - 1) // 3, invited_at=NOW) for n in range(1, 300)}
        | {0: stranger(invited_at=NOW)},
        {n: stranger(domain="loud.example") for n in range(300)},
        {n: stranger(signed_up_at=NOW - dt.timedelta(minutes=n % 25)) for n in range(300)},
    ],
    ids=["a branch of invitations", "a branch brought for it", "a company", "sign-ups of one hour"],
)
def test_300_accounts_of_one_cluster_stay_below_60_people(crowd):
    votes = one_a_day(300)
    if crowd[5].signed_up_at != LONG_AGO or crowd[5].invited_at is not None:
        votes = {n: NOW - dt.timedelta(minutes=n) for n in range(300)}
    assert spread_of({1: votes}, crowd) < 60


def test_who_votes_for_the_very_same_six_asks_is_a_crowd():
    people = {n: stranger() for n in range(30)}
    every = {ask: one_a_day(30) for ask in range(1, 7)}
    assert spread_of(every, people) < 6
    assert spread_of({ask: every[ask] for ask in range(1, 6)}, people) == 30


def test_an_hour_is_a_crowd_only_where_nobody_came_to_anything_else():
    at_once = dict.fromkeys(range(20), NOW)
    people = {n: stranger() for n in range(60)}
    assert spread_of({1: at_once}, people) < 5
    busy = {2: dict.fromkeys(range(20, 45), NOW)}
    assert spread_of({1: at_once} | busy, people) == 20


def test_a_tree_of_invitations_that_grew_over_time_is_no_crowd():
    people = {n: stranger(invited_by=(n - 1) // 3, invited_at=LONG_AGO) for n in range(1, 60)}
    assert spread_of({1: one_a_day(60)}, people | {0: stranger()}) == 60


def test_the_day_of_an_import_ties_nobody():
    people = {n: stranger(signed_up_at=None) for n in range(40)}
    assert spread_of({1: dict.fromkeys(range(40), NOW)}, people) == 40


@given(
    st.lists(
        st.tuples(st.integers(0, 200), st.integers(0, 4), st.integers(0, 3)),
        min_size=1,
        max_size=60,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_in_which_people_are_read_changes_nothing(those, chance):
    """Neither does the order of the asks."""
    people = {
        n: stranger(domain=f"d{domain}.example" if domain else "", invited_by=host or None)
        for n, (_hours, domain, host) in enumerate(those)
    }
    votes = [(n, NOW - dt.timedelta(hours=hours)) for n, (hours, _d, _h) in enumerate(those)]
    other = {n + 1000: NOW for n in range(3)}
    people |= {n: stranger() for n in other}
    again = chance.sample(votes, len(votes))
    assert spread_of({1: dict(votes), 2: other}, people) == pytest.approx(
        spread_of({2: other, 1: dict(again)}, people)
    )
