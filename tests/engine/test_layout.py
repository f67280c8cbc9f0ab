"""The picture of a product: what stays where it was, and what stands where."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.engine.layout import picture


def asks(count, *, dims=16, seed=1):
    """Return means of ``count`` asks in four camps, and how many posts each has."""
    rng = np.random.default_rng(seed)
    camps = 6 * rng.standard_normal((4, dims))
    means = camps[np.arange(count) % 4] + rng.standard_normal((count, dims))
    return means.astype(np.float32), rng.integers(1, 40, count)


def unknown(count):
    return np.full((count, 2), np.nan, dtype=np.float32)


@given(st.integers(0, 5), st.integers(1, 8))
def test_a_handful_of_asks_has_finite_places_of_their_own(count, dims):
    means, posts = asks(count, dims=dims)
    places = picture.place_asks(means, posts, unknown(count))
    assert places.shape == (count, 2)
    assert np.isfinite(places).all()
    assert len({tuple(row) for row in places.tolist()}) == count


def test_the_same_asks_give_the_same_picture():
    means, posts = asks(60)
    first, second = (picture.place_asks(means, posts, unknown(60)) for _ in range(2))
    assert np.array_equal(first, second)


def test_asks_of_one_camp_stand_nearer_than_those_of_another():
    means, posts = asks(80)
    places = picture.place_asks(means, posts, unknown(80))
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    same = np.equal.outer(np.arange(80) % 4, np.arange(80) % 4)
    assert np.median(apart[same]) < np.median(apart[~same]) / 2


@given(st.integers(1, 20), st.integers(0, 5))
def test_asks_that_were_there_do_not_move_when_some_are_new(new, seed):
    means, posts = asks(80, seed=seed)
    before = np.random.default_rng(seed).uniform(-100, 100, (80, 2)).astype(np.float32)
    before[80 - new :] = np.nan
    places = picture.place_asks(means, posts, before)
    assert np.array_equal(places[: 80 - new], before[: 80 - new])
    assert np.isfinite(places).all()


@given(st.lists(st.floats(0, 5, width=32), max_size=40), st.floats(0.5, 20))
def test_posts_stand_inside_their_ask_the_nearest_in_the_middle(distances, radius):
    distances = np.array(distances, dtype=np.float32)
    places = picture.fill_disc(distances * 2, distances, radius)
    out = np.linalg.norm(places, axis=1)
    assert (out <= radius).all()
    order = np.argsort(distances, kind="stable")
    assert (np.diff(out[order]) > 0).all()


def test_the_area_of_a_disc_is_that_of_its_posts():
    few, many = picture.radii(np.array([100, 400]))
    assert many == pytest.approx(2 * few)
