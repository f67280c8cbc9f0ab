"""What grows is found; what only looks like it is not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.engine.stats.trends import Sightings, Window, floods, numbered, rises

WEEK = Window(start=56, days=7, past=56)


def sightings(rows):
    """Return rows of (ask, day) or (ask, day, source) or (ask, day, source, author); each its own author else."""
    full = [(*row, *(0, 10_000 + at)[len(row) - 2 :]) for at, row in enumerate(rows)]
    asks, days, sources, authors = np.array(full, dtype=np.int64).T
    return Sightings(asks, sources, authors, days)


def steady(asks=12, days=63, every=2):
    """Return a board on which each ask is asked every second day."""
    return [(ask, day) for ask in range(asks) for day in range(days) if (day + ask) % every == 0]


def of(found, ask):
    return next(one for one in found.found if one.ask == ask)


def test_three_times_as_many_in_a_week_is_seen():
    rows = steady() + [(3, 56 + n % 7) for n in range(24)]
    found = rises(sightings(rows), WEEK)
    assert [one.ask for one in found.found if one.is_alarming] == [3]
    grown = of(found, 3)
    assert grown.posts == 27
    assert grown.expected == pytest.approx(3.5, abs=0.3)
    assert 1.25 <= grown.low < grown.ratio


def test_a_board_that_grows_as_a_whole_raises_nothing():
    rows = steady() + [(ask, 56 + n % 7) for ask in range(12) for n in range(12)]
    found = rises(sightings(rows), WEEK)
    assert not [one for one in found.found if one.is_alarming]
    assert of(found, 0).raw > 3
    assert of(found, 0).ratio == pytest.approx(1, abs=0.25)


def test_three_posts_instead_of_one_are_no_news():
    rows = [row for row in steady() if row[0] != 3] + [(3, 10), (3, 57), (3, 58), (3, 60)]
    assert not [one for one in rises(sightings(rows), WEEK).found if one.is_alarming]


def test_one_person_who_writes_thirty_times_is_one_person():
    rows = steady() + [(3, 56 + n % 7, 0, 77) for n in range(30)]
    found = rises(sightings(rows), WEEK)
    assert not [one for one in found.found if one.is_alarming]
    assert of(found, 3).people < 6


def test_a_source_that_begins_in_the_window_is_left_out_and_said():
    rows = steady() + [(3, 60, 5) for _ in range(200)]
    found = rises(sightings(rows), WEEK)
    assert found.left_out_sources == [5]
    assert not [one for one in found.found if one.is_alarming]


def test_a_flood_of_one_source_is_measured_against_that_source():
    reviews = [(ask, day, 5) for ask in range(12) for day in range(0, 63, 7)]
    flood = [(ask, 58, 5) for ask in range(12) for _ in range(20)]
    found = rises(sightings(steady() + reviews + flood), WEEK)
    assert not [one for one in found.found if one.is_alarming]


def test_an_import_under_one_date_is_noticed():
    rows = steady() + [(-1, 30, 5) for _ in range(300)]
    assert floods(sightings(rows), since=0) == [(5, 30, 300)]
    assert floods(sightings(rows), since=31) == []


def test_posts_of_no_ask_and_an_empty_board_are_no_trouble():
    nothing = Sightings(*(np.zeros(0, dtype=np.int64) for _ in range(4)))
    assert rises(nothing, WEEK).found == []
    assert rises(sightings([(-1, 57), (-1, 3)]), WEEK).found == []


def test_the_order_of_the_posts_does_not_matter():
    rows = steady() + [(3, 56 + n % 7) for n in range(24)]
    board = sightings(rows)
    shuffled = board.take(np.random.default_rng(0).permutation(len(board)))
    assert rises(board, WEEK) == rises(shuffled, WEEK)


@given(st.integers(0, 40), st.integers(0, 60), st.integers(0, 2**32 - 1))
def test_bounds_lie_below_what_was_seen(now, before, seed):
    rng = np.random.default_rng(seed)
    rows = steady(asks=5)
    rows += [(9, int(day)) for day in rng.integers(56, 63, now)]
    rows += [(9, int(day)) for day in rng.integers(0, 56, before)]
    for one in rises(sightings(rows), WEEK).found:
        assert 0 <= one.low <= max(one.ratio, 1) * 1.05
        assert 0 <= one.chance <= 1
        assert one.people <= one.posts


def test_more_posts_never_make_a_weaker_case():
    lows = []
    for more in (0, 5, 10, 20, 40):
        rows = steady() + [(3, 56 + n % 7) for n in range(more)]
        lows.append(of(rises(sightings(rows), WEEK), 3).low)
    assert lows == sorted(lows)


def test_a_board_on_which_nothing_happens_raises_next_to_nothing():
    alarms = looks = 0
    for seed in range(4):
        rng = np.random.default_rng(seed)
        share = rng.pareto(1.1, 80) + 0.3
        share /= share.sum()
        rows = [
            (int(ask), day)
            for day in range(120)
            for ask in np.repeat(
                np.arange(80), rng.poisson(20 * share * (1.4 if day % 7 > 4 else 1))
            )
        ]
        board = sightings(rows)
        for day in range(70, 120, 7):
            found = rises(board.take(board.days <= day), Window(day - 6, 7, 56))
            alarms += sum(one.is_alarming for one in found.found)
            looks += 1
    assert alarms / looks <= 0.05


def test_values_become_numbers_in_the_order_they_come():
    numbers, names = numbered(["b", "a", "b"])
    assert (numbers.tolist(), names) == ([0, 1, 0], ["b", "a"])
