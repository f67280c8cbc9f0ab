"""Placing against groups that grow: what is added counts as if it had been there from the start."""

import numpy as np
import pytest

from feedback.insight.engine import Corpus, Placer

GROUPS = {1: "a", 2: "a", 3: "a", 4: "b", 5: "b", 6: None}
WORDS = {
    1: "a dark theme",
    2: "dark theme, please",
    3: "make it dark",
    4: "export a table",
    5: "save the table",
    6: "a hat for the mascot",
}


def corpus(ids, seed=0):
    """Posts around three directions, by their id."""
    rows = []
    for i in ids:
        rng = np.random.default_rng([seed, i])
        row = np.zeros(8, dtype=np.float32)
        row[0 if GROUPS.get(i) == "a" else 1 if GROUPS.get(i) == "b" else 2] = 1.0
        row += rng.normal(0, 0.15, 8).astype(np.float32)
        rows.append(row / np.linalg.norm(row))
    texts = [WORDS.get(i, f"text number {i}") for i in ids]
    return Corpus(list(ids), np.array(rows), texts, languages=["en"] * len(ids))


def places(placer, asked):
    return [
        (one.key, round(one.score, 3), [near.id for near in one.nearest])
        for one in placer.place(asked)
    ]


@pytest.fixture
def whole():
    return Placer(corpus(GROUPS), GROUPS, threshold=0.35)


@pytest.fixture
def asked():
    return corpus([101, 102, 103], seed=1)


def test_a_placer_that_was_added_to_places_like_one_that_was_built_whole(whole, asked):
    grown = Placer(corpus([1, 4]), GROUPS, threshold=0.35, space=whole.space)
    grown.add(corpus([2, 3]), GROUPS)
    grown.add(corpus([5, 6]), GROUPS)
    grown_places = places(grown, asked)
    for mine, theirs in zip(grown_places, places(whole, asked), strict=True):
        assert mine[0] == theirs[0]
        assert mine[1] == pytest.approx(theirs[1], abs=0.002)
        assert mine[2] == theirs[2]


def test_a_group_that_is_new_can_be_joined_at_once(whole):
    placer = Placer(corpus([4, 5]), GROUPS, threshold=0.35, space=whole.space)
    assert places(placer, corpus([2]))[0][0] is None
    placer.add(corpus([1]), {1: "a"})
    assert places(placer, corpus([2]))[0][0] == "a"


def test_a_known_post_is_moved_and_not_counted_twice(whole):
    placer = Placer(corpus([1, 4]), GROUPS, threshold=0.35, space=whole.space)
    placer.add(corpus([1]), {1: "b"})
    assert len(placer) == 2
    placer.add(corpus([1]), {1: "a"})
    assert (
        places(placer, corpus([2]))[0][:2]
        == places(Placer(corpus([1, 4]), GROUPS, threshold=0.35, space=whole.space), corpus([2]))[
            0
        ][:2]
    )


def test_a_group_whose_last_post_left_is_offered_no_more(whole):
    placer = Placer(corpus([1, 4]), GROUPS, threshold=0.35, space=whole.space)
    placer.add(corpus([1]), {})
    placed = placer.place(corpus([2]))[0]
    assert placed.key is None
    assert {candidate.key for candidate in placed.candidates} == {"b"}


def test_the_words_of_an_added_post_find_its_twin(whole):
    placer = Placer(corpus([4, 5]), GROUPS, threshold=0.99, space=whole.space)
    placer.add(corpus([1]), {1: "a"})
    twin = Corpus([7], corpus([7]).vectors, ["A dark theme!"], languages=["en"])
    assert placer.place(twin)[0].key == "a"


def test_many_posts_may_be_added_one_by_one(whole):
    placer = Placer(corpus([1]), GROUPS, threshold=0.35, space=whole.space)
    for i in range(10, 600):
        placer.add(corpus([i]), {i: f"group {i % 300}"})
    assert len(placer) == 591
    assert placer.place(corpus([2]))[0].key == "a"
