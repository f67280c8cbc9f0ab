"""The space of a board: languages meet, and a large part does not bend a small one."""

import numpy as np
import pytest

from feedback.engine import Corpus, Space
from feedback.engine.data.translation import taken_as


def _rows(n: int, seed: int, about: int | None = None) -> np.ndarray:
    """Return ``n`` unit rows of 24 numbers, around direction ``about`` if named; of the last four they have nothing."""
    rows = np.random.default_rng(seed).normal(size=(n, 24))
    rows[:, 20:] = 0.0
    if about is not None:
        rows[:, about] += 12.0
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def _board(vectors: np.ndarray, languages: list[str], prefix: str = "p") -> Corpus:
    ids = [f"{prefix}{row:04d}" for row in range(len(vectors))]
    return Corpus(ids, vectors, ["words"] * len(vectors), languages=languages)


def _bilingual(n: int) -> tuple[np.ndarray, list[str]]:
    """Return ``n`` posts and their translations, these a step aside along the last direction but one."""
    said = _rows(n, 0)
    aside = said.copy()
    aside[:, 22] += 0.8
    return np.concatenate([said, aside]), ["en"] * n + ["zh"] * n


def _own(space: Space, vectors: np.ndarray, languages: list[str]) -> float:
    """Return the mean likeness of a post and its translation."""
    found = space.transform(vectors, languages)
    half = len(found) // 2
    return float(np.einsum("ij,ij->i", found[:half], found[half:]).mean())


def test_a_post_and_its_translation_meet() -> None:
    vectors, languages = _bilingual(30)
    assert _own(Space((("all", 0, 24),)), vectors, languages) < 0.85
    assert _own(Space.fit(_board(vectors, languages)), vectors, languages) > 0.93


def test_three_languages_meet_each_by_its_own_step() -> None:
    said = _rows(40, 0)
    french, russian = said.copy(), said.copy()
    french[:, 22] += 0.8
    russian[:, 21] += 0.8
    vectors = np.concatenate([said, french, russian])
    languages = ["en"] * 40 + ["fr"] * 40 + ["ru"] * 40
    space = Space.fit(_board(vectors, languages))
    for here, there in ((0, 1), (0, 2), (1, 2)):
        rows = [*range(40 * here, 40 * here + 40), *range(40 * there, 40 * there + 40)]
        assert _own(space, vectors[rows], [languages[row] for row in rows]) > 0.9
    one = Space.fit(_board(vectors, ["en"] * 120))
    assert _own(one, vectors[40:], languages[40:]) < 0.8


def test_a_rare_language_is_taken_as_the_commonest_in_its_letters() -> None:
    counts = {"zh": 500, "en": 400, "fr": 90, "da": 3, "bg": 2, "ru": 4}
    assert taken_as(counts) == {
        "zh": "zh",
        "en": "en",
        "fr": "fr",
        "da": "en",
        "ru": "ru",
        "bg": "ru",
    }


@pytest.mark.parametrize("others", [300, 3_000])
def test_a_large_part_about_something_else_does_not_bend_a_small_one(others: int) -> None:
    vectors, languages = _bilingual(30)
    alone = Space.fit(_board(vectors, languages)).transform(vectors, languages)
    large = _rows(others, 1, about=19)
    mixed = _board(np.concatenate([vectors, large]), languages + ["en"] * others)
    beside = Space.fit(mixed).transform(vectors, languages)
    assert np.abs(alone @ alone.T - beside @ beside.T).mean() < 0.08
    assert _own(Space.fit(mixed), vectors, languages) > 0.93


def test_what_all_posts_share_is_left_out() -> None:
    vectors = _rows(100, 2, about=3)
    found = Space.fit(_board(vectors, ["en"] * 100)).transform(vectors, ["en"] * 100)
    assert (vectors @ vectors.T).mean() > 0.8
    assert abs(float((found @ found.T).mean())) < 0.05


def test_the_manner_of_a_board_is_left_out_however_few_its_topics() -> None:
    """App reviews share two fifths of their length and still want many things."""
    rng = np.random.default_rng(5)
    topics = np.repeat(rng.normal(size=(20, 24)), 10, axis=0) + 0.3 * rng.normal(size=(200, 24))
    topics[:, 0] = 0.5 * np.linalg.norm(topics, axis=1)
    vectors = (topics / np.linalg.norm(topics, axis=1, keepdims=True)).astype(np.float32)
    found = Space.fit(_board(vectors, ["en"] * 200)).transform(vectors, ["en"] * 200)
    assert (vectors @ vectors.T).mean() > 0.18
    assert abs(float((found @ found.T).mean())) < 0.02


def test_a_few_posts_stay_as_they_came() -> None:
    vectors = _rows(10, 3, about=3)
    found = Space.fit(_board(vectors, ["en"] * 10)).transform(vectors, ["en"] * 10)
    assert found == pytest.approx(vectors, abs=1e-6)
    assert Space.fit(_board(vectors[:0], [])).transform(vectors, ["en"] * 10).shape == (10, 24)


def test_the_order_of_posts_does_not_matter() -> None:
    vectors, languages = _bilingual(40)
    board = _board(vectors, languages)
    turned = board.take(np.arange(80)[::-1])
    one, other = Space.fit(board), Space.fit(turned)
    assert one.shifts["zh"] == pytest.approx(other.shifts["zh"], abs=1e-6)
