"""What large boards rest on: counted words, rows in half precision, blocks, and company found in cells."""

import itertools

import numpy as np
import pytest

from feedback.engine import Corpus, Grouper
from feedback.engine.cluster.problem import Means
from feedback.engine.cluster.reciprocal import dots_of_rows
from feedback.engine.data.lexical import lexical_view
from feedback.engine.data.rows import read, storage, sums_of_spans
from feedback.engine.data.word_counts import WordCounts
from feedback.engine.describe.keywords import Keywords
from feedback.engine.neighbours.nearest import best_columns, neighbours
from feedback.engine.neighbours.neighbours_in_group import NeighboursInGroup
from feedback.engine.place.threshold import placing_threshold
from tests.engine.boards import board


def test_words_are_counted_once_per_post() -> None:
    counts = WordCounts.of([["dark", "mode", "dark"], [], ["mode", "on"]])
    assert counts.words == ["dark", "mode", "on"]
    assert [counts.of_row(row) for row in range(3)] == [["dark", "mode"], [], ["mode", "on"]]
    assert counts.counts.tolist() == [2, 1, 1, 1]
    assert counts.frequency().tolist() == [1, 2, 1]
    numbers, posts = counts.in_rows(np.array([0, 2]))
    assert dict(zip(numbers.tolist(), posts.tolist(), strict=True)) == {0: 1, 1: 2, 2: 1}


@pytest.mark.parametrize("posts", [[], [[]], [[], []]])
def test_posts_without_words_have_no_lexical_view(posts: list[list[str]]) -> None:
    view = lexical_view(WordCounts.of(posts))
    assert view.shape == (len(posts), 256)
    assert not view.any()


def test_lexical_view_is_the_same_in_any_block(monkeypatch: pytest.MonkeyPatch) -> None:
    posts = [[f"w{at % 7}", f"w{at % 11}", "all"] for at in range(60)]
    whole = lexical_view(WordCounts.of(posts))
    monkeypatch.setattr("feedback.engine.data.lexical.BLOCK", 7)
    np.testing.assert_array_equal(lexical_view(WordCounts.of(posts)), whole)
    np.testing.assert_allclose(np.linalg.norm(whole, axis=1), 1.0, atol=1e-5)


def test_keywords_stand_in_two_posts_and_say_something() -> None:
    texts = ["the dark mode please", "dark mode at night", "a crash on start", "crash when I start"]
    corpus = Corpus(list("abcd"), np.ones((4, 2), np.float32), texts)
    keywords = Keywords(corpus)
    assert set(keywords.of([0, 1])) == {"dark", "mode"}
    assert keywords.shared(0, [1, 2]) == ("dark", "mode")
    assert keywords.words(0) >= {"dark", "mode"}
    assert keywords.idf("dark") > keywords.idf("crash") - 1e-9
    assert keywords.idf("never seen") > keywords.idf("dark")


def test_the_greatest_columns_are_the_greatest() -> None:
    rng = np.random.default_rng(0)
    similarity = rng.normal(size=(20, 1_003)).astype(np.float32)
    columns, values = best_columns(similarity, 9)
    np.testing.assert_array_equal(columns, np.argsort(-similarity, axis=1, kind="stable")[:, :9])
    np.testing.assert_array_equal(values, np.take_along_axis(similarity, columns, axis=1))


def test_sums_and_products_by_blocks_are_those_of_the_whole() -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(900, 8)).astype(np.float32)
    starts = np.array([0, 3, 3, 10, 900])
    sums = sums_of_spans(rows, starts)
    np.testing.assert_allclose(
        sums, [rows[a:b].sum(0) for a, b in itertools.pairwise(starts)], atol=1e-3
    )
    a, b = rng.integers(0, 900, size=(2, 1_300))
    np.testing.assert_allclose(dots_of_rows(rows, a, b), (rows[a] * rows[b]).sum(1), atol=1e-4)


def test_means_of_bundles_are_read_by_rows() -> None:
    rows = np.arange(12, dtype=np.float16).reshape(6, 2)
    means = Means.of(rows, [[0], [1, 2, 5], [3], [4]])
    assert len(means) == 4
    expected = [[16 / 3, 19 / 3], [8.0, 9.0]]
    np.testing.assert_allclose(means[np.array([1, 3])], expected, rtol=1e-3)
    assert np.asarray(means).shape == (4, 2)


def test_the_placing_threshold_does_not_depend_on_the_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    corpus, truth = board(n=300, asks=30, noise=0.6)
    labels = np.unique(truth, return_inverse=True)[1].astype(np.int64)
    idle = np.zeros(300, dtype=bool)
    whole = placing_threshold(corpus.vectors, labels, idle)
    monkeypatch.setattr("feedback.engine.place.threshold._GROUPS", 4)
    monkeypatch.setattr("feedback.engine.place.threshold.BLOCK", 16)
    assert placing_threshold(corpus.vectors, labels, idle) == pytest.approx(whole)


@pytest.mark.parametrize("large", [False, True])
def test_the_company_of_a_post_is_its_nearest(large: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if large:
        monkeypatch.setattr("feedback.engine.neighbours.neighbours_in_group.LARGE_FROM", 10)
    corpus, _ = board(n=400, asks=4, noise=0.5)
    group, lone = np.arange(0, 399), 399
    company = NeighboursInGroup(corpus.vectors, np.array([lone]), 3)
    exact, values = neighbours(corpus.vectors[:399], 3)
    for row in (0, 7, 398):
        found = company.of(row, group)
        assert [other for other, _ in found] == exact[row].tolist()
        assert [value for _, value in found] == pytest.approx(values[row].tolist(), abs=1e-5)
    nearest, _ = neighbours(corpus.vectors, 3)
    assert [other for other, _ in company.of(lone, np.array([lone]))] == nearest[lone].tolist()


def test_company_in_cells_is_mostly_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedback.engine.neighbours.neighbours_in_group.LARGE_FROM", 10)
    monkeypatch.setattr("feedback.engine.neighbours.neighbours_in_group.EXACT_UP_TO", 500)
    corpus, _ = board(n=2_500, asks=5, noise=0.5)
    company = NeighboursInGroup(corpus.vectors, np.zeros(0, dtype=np.int64), 3)
    exact, _ = neighbours(corpus.vectors, 1)
    every = np.arange(2_500)
    first = [company.of(row, every)[0][0] for row in range(0, 2_500, 25)]
    assert np.mean(np.array(first) == exact[::25, 0]) > 0.9


def test_a_post_on_a_board_of_one_has_no_company() -> None:
    corpus, _ = board(n=1)
    assert NeighboursInGroup(corpus.vectors, np.array([0]), 3).of(0, np.array([0])) == []


def test_half_precision_changes_next_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert storage(1_000) is np.float32
    corpus, _ = board(n=1_500, asks=20, noise=0.5)
    full = Grouper().fit(corpus)
    for module in ("data.rows", "neighbours.neighbours_in_group"):
        monkeypatch.setattr(f"feedback.engine.{module}.LARGE_FROM", 100)
    half = Grouper().fit(corpus)
    assert np.mean(full.labels_ == half.labels_) > 0.99
    np.testing.assert_allclose(full.scores_, half.scores_, atol=0.02)
    again = Grouper().fit(corpus.take(np.arange(1_500)[::-1]))
    assert half.keys_ == again.keys_
    assert read(np.ones((3, 2), np.float16), np.array([0])).dtype == np.float32
