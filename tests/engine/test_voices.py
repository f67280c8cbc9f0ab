"""Voices that differ: the most central first, then the farthest of those that are not strays, none twice."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from feedback.engine.describe.voices import farthest_first


def unit(rows):
    found = np.asarray(rows, dtype=np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def test_it_begins_in_the_middle_and_goes_as_far_as_it_can():
    middle = [[1, 0.001 * n, 0] for n in range(6)]
    rows = unit([*middle, [0.9, 0.5, 0], [0.9, -0.5, 0], [0.5, 0, 2], [-1, 0, 1]])
    chosen = farthest_first(rows, count=3)
    assert chosen[0] < 6
    assert set(chosen[1:]) == {6, 7}


def test_what_says_the_same_is_heard_once():
    rows = unit([[1, 0], [1, 0], [1, 0.001], [0.7, 0.7]])
    assert len(farthest_first(rows, count=4)) == 2


def test_a_stray_is_not_heard():
    rows = unit([[1, 0.1 * n, 0] for n in range(9)] + [[-1, 0, 0.3]])
    assert 9 not in farthest_first(rows, count=5)


def test_of_nothing_nothing_is_chosen():
    assert farthest_first(np.zeros((0, 3), dtype=np.float32), count=5) == []
    assert farthest_first(unit([[1, 0]]), count=0) == []


@given(st.integers(1, 30), st.integers(1, 8), st.integers(0, 2**32 - 1))
def test_it_never_chooses_one_twice_nor_more_than_asked(rows, count, seed):
    made = unit(np.random.default_rng(seed).normal(size=(rows, 4)) + 0.01)
    chosen = farthest_first(made, count=count)
    assert 1 <= len(chosen) == len(set(chosen)) <= min(count, rows)
