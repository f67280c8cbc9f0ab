"""The parts of a large ask: few, true of their posts, and none where the ask is one thing."""

from collections import Counter

import numpy as np
import pytest

from feedback.engine import Corpus
from feedback.engine.describe.facets import MOST_FACETS, Facet, facets
from tests.engine.boards import board


def _purity(found: list[Facet], truth: dict[object, int]) -> float:
    right = sum(Counter(truth[i] for i in facet.members).most_common(1)[0][1] for facet in found)
    return right / sum(len(facet.members) for facet in found)


@pytest.mark.parametrize("asks", [2, 3, 5])
def test_facets_are_the_parts_of_the_ask_and_hold_most_of_it(asks: int) -> None:
    corpus, truth = board(n=90, asks=asks, noise=0.4, seed=asks)
    found = facets(corpus, corpus.ids)
    assert len(found) == asks
    assert sum(len(facet.members) for facet in found) >= 0.9 * len(corpus)
    assert _purity(found, dict(zip(corpus.ids, truth, strict=True))) > 0.95
    assert [len(facet.members) for facet in found] == sorted(
        (len(facet.members) for facet in found), reverse=True
    )
    for facet in found:
        assert facet.title
        assert facet.keywords


@pytest.mark.parametrize("seed", range(6))
def test_an_ask_that_is_one_thing_has_none(seed: int) -> None:
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=64) + rng.normal(size=(60, 64))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    texts = [f"please make number {row} of them louder" for row in range(60)]
    corpus = Corpus([f"p{row}" for row in range(60)], vectors.astype(np.float32), texts)
    assert facets(corpus, corpus.ids) == []


def test_posts_that_say_nothing_are_in_no_facet() -> None:
    corpus, _ = board(n=90, asks=3, noise=0.4)
    texts = ["thanks!"] * 9 + list(corpus.texts[9:])
    idle = Corpus(corpus.ids, corpus.vectors, texts)
    found = facets(idle, idle.ids)
    assert len(found) == 3
    assert not {i for facet in found for i in facet.members} & set(corpus.ids[:9])


def test_the_order_of_the_posts_changes_nothing() -> None:
    corpus, _ = board(n=90, asks=4, noise=0.4)
    order = np.random.default_rng(1).permutation(len(corpus))
    assert facets(corpus.take(order), [corpus.ids[row] for row in order]) == facets(
        corpus, corpus.ids
    )


def test_a_very_large_ask_is_read_by_a_sample_and_still_held_whole() -> None:
    corpus, truth = board(n=1_500, asks=3, noise=0.4)
    found = facets(corpus, corpus.ids)
    assert 2 <= len(found) <= MOST_FACETS
    assert sum(len(facet.members) for facet in found) >= 0.9 * len(corpus)
    assert _purity(found, dict(zip(corpus.ids, truth, strict=True))) > 0.95
