"""How many people want something, with crowds counted as crowds."""

import random
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.engine.stats.camps import NOBODY, at_least, camps, reach, shared

PEOPLE = st.lists(
    st.tuples(st.lists(st.integers(0, 12), max_size=3), st.floats(0, 9)), min_size=1, max_size=60
)


@given(st.integers(2, 300), st.integers(0, 40))
def test_300_accounts_of_one_crowd_stay_below_60_spread_people(crowd, more):
    """However they are tied: each to the first, each to the next, or all by one tie and by others besides."""
    spread = reach([[] for _ in range(60)])
    chain = [[("next", one), ("next", one + 1)] for one in range(crowd)]
    alike = [["one", *(("own", one, n) for n in range(more % 3))] for one in range(crowd)]
    for loud in (chain, alike):
        found = reach(loud)
        assert found.people == crowd
        assert found.camps == (crowd,)
        assert found.weighted < spread.weighted
        assert found.low < spread.low


def test_who_has_nothing_in_common_counts_each():
    found = reach([[] for _ in range(60)])
    assert (found.people, found.spread, found.weighted) == (60, 60.0, 60.0)
    assert 45 < found.low < 60
    assert not found.is_corrected


@given(PEOPLE, st.randoms(use_true_random=False))
def test_the_order_of_people_changes_nothing(people, chance: random.Random):
    again = chance.sample(people, len(people))
    one, other = (reach([p[0] for p in those], [p[1] for p in those]) for those in (people, again))
    assert (one.people, one.camps, one.spread) == (other.people, other.camps, other.spread)
    assert one.weighted == pytest.approx(other.weighted)
    assert one.low == pytest.approx(other.low)


@given(PEOPLE)
def test_nobody_is_lost_and_nobody_counts_for_more_than_one(people):
    ties = [those for those, _ in people]
    found = reach(ties)
    assert sorted(person for camp in camps(ties) for person in camp) == list(range(len(people)))
    assert sum(found.camps) == found.people == len(people)
    assert 0 < found.low < found.spread <= found.people


@given(PEOPLE, st.lists(st.integers(0, 12), max_size=3))
def test_one_more_person_with_no_new_tie_never_lowers_it(people, ties):
    of = [those for those, _ in people]
    assert reach([*of, []]).spread == pytest.approx(reach(of).spread + 1)


def test_weights_are_those_of_the_people_and_may_be_nothing():
    assert reach([[], []], [2.0, 0.5]).weighted == 2.5
    assert reach([["a"]] * 4, [3.0] * 4).weighted == pytest.approx(3 * sqrt(4))
    assert reach([[]] * 9, [0.0] * 9).low == 0
    with pytest.raises(ValueError, match="one weight"):
        reach([[]], [])
    with pytest.raises(ValueError, match="one weight"):
        reach([[]], [-1.0])


def test_nobody_reaches_nobody():
    assert reach([]) == NOBODY
    assert at_least(0) == 0
    # Garwood's exact bounds of 1, 10 and 214.
    for count, bound in ((1, 0.051), (10, 5.425), (214, 190.5)):
        assert at_least(count) == pytest.approx(bound, abs=0.1)


def test_a_tie_that_few_share_is_chance():
    assert shared([["a", "b"], ["a"], ["a", "a"]], by=3) == [["a"], ["a"], ["a", "a"]]
