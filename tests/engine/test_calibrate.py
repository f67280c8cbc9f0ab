"""A stated precision is kept; too few answers state nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.engine.place.calibration import leave_one_out, lower_bound, threshold_for
from feedback.engine.stats.intervals import Stratum, stratified_share, stratified_total, wilson


@given(st.integers(0, 400), st.integers(0, 400))
def test_an_interval_holds_its_share_and_stays_within_bounds(hits, misses):
    share = wilson(hits, hits + misses)
    assert 0 <= share.low <= share.high <= 1
    if share.value is not None:
        assert share.low <= share.value <= share.high


@given(st.integers(1, 200), st.integers(0, 200))
def test_more_of_the_same_answers_narrow_the_interval(hits, misses):
    few, many = wilson(hits, hits + misses), wilson(4 * hits, 4 * (hits + misses))
    assert many.high - many.low <= few.high - few.low


def test_no_answers_say_nothing():
    assert (wilson(0, 0).low, wilson(0, 0).high, wilson(0, 0).value) == (0.0, 1.0, None)
    with pytest.raises(ValueError, match="no share"):
        wilson(3, 2)


@given(st.integers(1, 60), st.integers(0, 60), st.integers(1, 1000))
def test_one_stratum_is_the_plain_interval(judged, hits, size):
    hits = min(hits, judged)
    share = stratified_share([Stratum(size, judged, hits), Stratum(10, 0, 0)])
    assert share.low == pytest.approx(wilson(hits, judged).low)
    assert share.high == pytest.approx(wilson(hits, judged).high)


def test_a_stratum_counts_by_its_size_and_not_by_its_answers():
    share = stratified_share([Stratum(900, 20, 20), Stratum(100, 80, 0)])
    assert share.value == pytest.approx(0.9)


def test_a_share_with_one_part_drawn_more_often_is_unbiased_and_its_interval_covers():
    rng = np.random.default_rng(5)
    truth = (3000 * 0.9 + 200 * 0.75) / 3200
    shares = [
        stratified_share(
            [
                Stratum(3000, 30, int(rng.binomial(30, 0.9))),
                Stratum(200, 30, int(rng.binomial(30, 0.75))),
            ]
        )
        for _ in range(600)
    ]
    assert np.mean([share.value for share in shares]) == pytest.approx(truth, abs=0.008)
    assert np.mean([share.low <= truth <= share.high for share in shares]) >= 0.93


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(0, 30), st.integers(0, 30)), max_size=6))
def test_a_total_lies_within_what_there_is(rows):
    strata = [Stratum(size, judged, min(hits, judged)) for size, judged, hits in rows]
    total = stratified_total(strata)
    assert 0 <= total.low <= total.value + 1e-9
    assert total.value <= total.high + 1e-9 <= total.of + 1e-6


def test_the_interval_of_a_total_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(3)
    sizes, rates = [100, 300, 2000], [0.6, 0.2, 0.02]
    truth = sum(size * rate for size, rate in zip(sizes, rates, strict=True))
    covered = 0
    for _ in range(400):
        strata = [
            Stratum(size, 25, int(rng.binomial(25, rate)))
            for size, rate in zip(sizes, rates, strict=True)
        ]
        total = stratified_total(strata)
        covered += total.low <= truth <= total.high
    assert covered / 400 >= 0.93


def test_the_exact_bound_is_that_of_the_tables():
    # Clopper and Pearson: 60 of 60 leave .05 ** (1 / 60) at 95 %.
    assert lower_bound(60, 60, confidence=0.95) == pytest.approx(0.05 ** (1 / 60))
    assert lower_bound(0, 60) == 0.0


def board(rng, n, *, slope, middle):
    """Return scores, and whether each placement is right: the likelier the higher the score."""
    scores = rng.beta(4, 4, n)
    return scores, rng.random(n) < 1 / (1 + np.exp(-(middle + slope * (scores - 0.5))))


@pytest.mark.parametrize(("slope", "middle"), [(6, 2.0), (10, 1.5), (14, 0.5), (4, 3.0)])
@pytest.mark.parametrize("judged", [120, 250])
def test_a_stated_precision_is_kept_nine_times_in_ten(slope, middle, judged):
    rng = np.random.default_rng(judged)
    scores, right = board(rng, 50_000, slope=slope, middle=middle)
    kept = 0
    for _ in range(120):
        drawn = rng.choice(len(scores), judged, replace=False)
        found = threshold_for(scores[drawn], right[drawn], precision=0.9)
        kept += found is None or right[scores >= found.threshold].mean() >= 0.9
    assert kept / 120 >= 0.9


def test_many_right_answers_give_a_low_threshold():
    scores = np.linspace(0.3, 0.9, 200)
    found = threshold_for(scores, scores >= 0.45, precision=0.9)
    assert found is not None
    assert 0.3 < found.threshold < 0.47
    assert found.low >= 0.9
    assert found.right == int((scores >= 0.45).sum())


def test_fewer_than_fifty_answers_state_nothing():
    assert threshold_for(np.ones(49), np.ones(49, bool), precision=0.9) is None


def test_a_board_that_never_reaches_it_gets_no_threshold():
    rng = np.random.default_rng(0)
    assert threshold_for(rng.random(400), rng.random(400) < 0.6, precision=0.9) is None


def test_equal_scores_are_not_torn_apart():
    scores = np.repeat([0.9, 0.5], 60)
    found = threshold_for(scores, np.ones(120, bool), precision=0.9)
    assert found is not None
    assert found.threshold in (0.9, 0.5)


@given(st.integers(60, 200), st.floats(1.0, 9.0))
def test_weights_that_are_all_alike_change_nothing(n, weight):
    rng = np.random.default_rng(n)
    scores, right = rng.random(n), rng.random(n) < 0.97
    plain = threshold_for(scores, right, precision=0.9)
    weighed = threshold_for(scores, right, precision=0.9, weights=np.full(n, weight))
    assert (plain is None) == (weighed is None)
    if plain is not None and weighed is not None:
        assert plain.threshold == weighed.threshold
        assert plain.low == pytest.approx(weighed.low)


def test_a_post_is_offered_to_groups_without_itself():
    east, north = np.eye(2, dtype=np.float32)
    vectors = np.stack([east, east, east, north, north, north])
    homes = np.array([0, 0, 0, 1, 1, -1])
    offers = leave_one_out(vectors, homes, np.arange(6))
    assert offers.home[:3].tolist() == [0, 0, 0]
    assert offers.score[0] == pytest.approx(1.0)
    # A group of two is one post when one is taken out: it would not have been there.
    assert offers.home[3] == 0
    assert offers.home[5] == 1
