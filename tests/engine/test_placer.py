"""Placing against groups that grow: what is added counts as if it had been there from the start."""

import numpy as np
import pytest

from feedback.engine import Constraints, Corpus, Placer
from feedback.engine.data.space import Space
from feedback.engine.neighbours import ann_index
from feedback.engine.neighbours.ann_index import CompactIndex

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


# --- What changes ----------------------------------------------------------------------------------------
def many(count, *, seed=0, dims=48):
    """A corpus around forty directions, and the direction of each post."""
    rng = np.random.default_rng(seed)
    theme = rng.integers(0, 40, count)
    centres = np.random.default_rng(7).normal(size=(40, dims))
    rows = centres[theme] + rng.normal(0, 0.8, (count, dims))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    texts = [f"please add widget {at} of {seed}" for at in range(count)]
    ids = [f"{seed}-{at}" for at in range(count)]
    return Corpus(ids, rows.astype(np.float32), texts, languages=["en"] * count), theme


def test_moving_and_removing_is_the_same_as_building_anew():
    corpus, theme = many(400)
    asked, _ = many(40, seed=1)
    rng = np.random.default_rng(3)
    keys = {i: f"ask {theme[at] % 25}" for at, i in enumerate(corpus.ids)}
    whole = Placer(corpus, keys, threshold=0.3)
    for _ in range(6):
        moved = {
            corpus.ids[at]: rng.choice(["ask 1", "ask 2", "new", None])
            for at in rng.choice(400, 30)
        }
        gone = {corpus.ids[at] for at in rng.choice(400, 10)}
        back = {corpus.ids[at] for at in rng.choice(400, 5)}
        keys |= moved
        keys = {i: None if i in gone else key for i, key in keys.items()}
        whole.index.move(moved)
        whole.index.remove(gone)
        at = [row for row, i in enumerate(corpus.ids) if i in back]
        keys |= dict.fromkeys(back, "ask 3")
        whole.add(corpus.take(at), keys)
        there = [row for row, i in enumerate(corpus.ids) if i in whole.index]
        afresh = Placer(corpus.take(there), keys, threshold=0.3, space=whole.space)
        assert dict(whole.index.homes()) == dict(afresh.index.homes())
        for mine, theirs in zip(whole.place(asked), afresh.place(asked), strict=True):
            assert mine.key == theirs.key
            assert mine.score == pytest.approx(theirs.score, abs=0.002)
            assert [one.key for one in mine.candidates] == [one.key for one in theirs.candidates]
            assert [one.id for one in mine.nearest] == [one.id for one in theirs.nearest]


def test_a_board_read_in_pieces_is_the_same_as_one_read_whole():
    corpus, theme = many(500)
    keys = {i: f"ask {theme[at]}" for at, i in enumerate(corpus.ids)}
    asked, _ = many(20, seed=1)
    whole = Placer(corpus, keys, threshold=0.3)
    pieces = Placer(
        (corpus.take(range(start, start + 100)) for start in range(0, 500, 100)),
        keys,
        threshold=0.3,
    )
    assert pieces.space.common == pytest.approx(Space.fit(corpus).common, abs=1e-6)
    assert places(pieces, asked) == places(whole, asked)


def test_words_lead_to_another_who_said_them_when_the_first_has_left(whole):
    twins = Corpus([11, 12], corpus([1, 2]).vectors, ["Same words"] * 2, languages=["en"] * 2)
    placer = Placer(corpus([4, 5]), GROUPS, threshold=0.99, space=whole.space)
    placer.add(twins, {11: "a", 12: "a"})
    placer.index.remove([11])
    asked = Corpus([13], corpus([6]).vectors, ["same words!"], languages=["en"])
    assert placer.place(asked)[0].key == "a"
    placer.index.remove([12])
    assert placer.place(asked)[0].key is None


def test_decisions_can_be_replaced(whole, asked):
    placer = Placer(corpus([1, 2, 4, 5]), GROUPS, threshold=0.35, space=whole.space)
    assert placer.place(corpus([3]))[0].key == "a"
    placer.decide(Constraints(locked=["a"]))
    assert placer.place(corpus([3]))[0].key is None
    placer.decide(Constraints(apart=[(3, 1)]))
    assert placer.place(corpus([3]))[0].key is None
    placer.decide(Constraints(together=[(3, 4)]))
    assert placer.place(corpus([3]))[0].key == "b"
    placer.decide(Constraints())
    assert placer.place(corpus([3]))[0].key == "a"


def test_placing_in_cells_agrees_with_the_full_product(monkeypatch):
    monkeypatch.setattr(ann_index, "SMALL", 500)
    corpus, theme = many(4_000)
    keys = {i: f"ask {theme[at]}" for at, i in enumerate(corpus.ids)}
    placer = Placer(corpus, keys, threshold=0.3)
    asked, _ = many(200, seed=1)
    rows = placer.space.transform(corpus.vectors, corpus.languages)
    vectors = placer.space.transform(asked.vectors, asked.languages)
    means = np.stack([rows[theme == t].mean(axis=0) for t in range(40)])
    scores = vectors @ means.T
    placed = placer.place(asked)
    wanted = [f"ask {row.argmax()}" if row.max() >= 0.3 else None for row in scores]
    assert np.mean([one.key == key for one, key in zip(placed, wanted, strict=True)]) >= 0.995
    top = np.argsort(-(vectors @ rows.T), axis=1)[:, :5]
    found = [{one.id for one in placement.nearest} for placement in placed]
    shared = [
        len({corpus.ids[at] for at in row} & some) for row, some in zip(top, found, strict=True)
    ]
    assert np.mean(shared) >= 4.5


def test_a_compact_index_is_the_same_after_it_was_renewed(monkeypatch):
    monkeypatch.setattr(ann_index, "SMALL", 100)
    rows = many(600)[0].vectors
    index = CompactIndex.build(rows[:400])
    for row in range(400, 600):
        index.append(row, rows[row])
    for row in range(0, 600, 7):
        index.drop(row)
    for row in range(0, 600, 21):
        index.put(row, rows[row])
    renewed = index.renewed()
    assert len(index) == len(renewed) == 600 - 86 + 29
    for query in rows[:20]:
        every = index.candidates(query, 2_000, share=1.0)
        assert set(every.tolist()) == set(renewed.candidates(query, 2_000, share=1.0).tolist())
        assert index.scores_of(every, query) == pytest.approx(
            renewed.scores_of(every, query), abs=1e-6
        )
