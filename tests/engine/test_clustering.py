"""The parts of the grouping: linkage, levels, neighbours, likeness, boilerplate, titles."""

import numpy as np
import pytest
from numpy.typing import ArrayLike
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix
from scipy.spatial.distance import squareform
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from feedback.engine import Corpus, Grouper, Placer, Similar
from feedback.engine.cluster.cut_selection import LOWEST, best_cut, usual_level
from feedback.engine.cluster.linkage import average_linkage
from feedback.engine.cluster.reciprocal import Reciprocal
from feedback.engine.data.boilerplate import boilerplate
from feedback.engine.describe.facets import facets
from feedback.engine.describe.reasons import Ground
from feedback.engine.neighbours.cells import cells
from feedback.engine.neighbours.nearest import near_neighbours, neighbours
from feedback.engine.neighbours.similar import word_share
from feedback.engine.rules.contraction import squeezed
from feedback.engine.stats.partition_agreement import agreement_of
from feedback.engine.stats.quality import quality
from tests.engine.boards import board


def _similarity(seed: int, m: int = 60) -> np.ndarray:
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(m, 5))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors @ vectors.T).astype(np.float32)


@pytest.mark.parametrize("seed", range(5))
def test_average_linkage_finds_the_tree_of_the_textbook(seed: int) -> None:
    similarity = _similarity(seed)
    distance = np.clip(1.0 - similarity.astype(float), 0, None)
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), "average")
    forest = average_linkage(similarity.copy())
    for count in (2, 7, 30):
        ours = forest.groups(count)
        assert len(set(ours)) == count
        assert adjusted_rand_score(ours, fcluster(tree, count, "maxclust")) == pytest.approx(1.0)


def test_bundles_weigh_as_much_as_their_posts() -> None:
    similarity = _similarity(3, 12)
    full = average_linkage(similarity.copy()).groups(3)
    doubled = np.repeat(np.repeat(similarity, 2, axis=0), 2, axis=1)
    contracted = average_linkage(similarity.copy(), np.full(12, 2)).groups(3)
    assert adjusted_rand_score(full, contracted) == pytest.approx(1.0)
    assert adjusted_rand_score(average_linkage(doubled).groups(3)[::2], full) == pytest.approx(1.0)


@pytest.mark.parametrize("seed", range(3))
def test_reciprocal_rounds_on_a_whole_graph_find_the_same_tree(seed: int) -> None:
    rng = np.random.default_rng(seed)
    vectors = np.abs(rng.normal(size=(40, 6))).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    nobody = np.full(40, -1)
    everywhere = csr_matrix(np.full((40, 40), 1e-12))
    forest = Reciprocal(
        vectors,
        everywhere,
        np.ones(40, dtype=np.int64),
        colours=nobody,
        origins=nobody,
        apart=(),
        anchor=0.0,
    ).forest()
    full = average_linkage(vectors @ vectors.T)
    for count in (3, 10, 25):
        assert adjusted_rand_score(forest.groups(count), full.groups(count)) == pytest.approx(1.0)


def mean_agreement(a: ArrayLike, b: ArrayLike) -> float:
    return float(adjusted_mutual_info_score(a, b) + adjusted_rand_score(a, b)) / 2


@pytest.mark.parametrize(("n", "a", "b"), [(40, 5, 30), (500, 40, 60), (300, 300, 4), (10, 1, 3)])
def test_agreement_is_the_mean_of_ami_and_ari(n: int, a: int, b: int) -> None:
    rng = np.random.default_rng(n)
    left = rng.integers(0, a, n)
    right = np.where(rng.random(n) < 0.5, left % b, rng.integers(0, b, n))
    assert agreement_of(left, right) == pytest.approx(mean_agreement(left, right), abs=1e-6)


@pytest.mark.parametrize(("a", "b"), [([0, 0, 0], [5, 5, 5]), ([4], [9])])
def test_agreement_of_labellings_without_choice(a: list[int], b: list[int]) -> None:
    assert agreement_of(np.array(a), np.array(b)) == pytest.approx(mean_agreement(a, b))


@pytest.mark.parametrize("flat", [256, 10])
def test_neighbours_in_near_cells_are_mostly_the_exact_ones(
    flat: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedback.engine.neighbours.cells.FLAT_UP_TO", flat)
    monkeypatch.setattr("feedback.engine.neighbours.cells.REGION", 3)
    corpus, _ = board(n=3_000, asks=12, noise=0.6)
    home, centres = cells(corpus.vectors, size=100)
    assert np.bincount(home, minlength=len(centres)).max() < 1_500
    found, values = near_neighbours(corpus.vectors, 10, home, centres)
    exact, _ = neighbours(corpus.vectors, 10)
    hits = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(found, exact, strict=True)])
    assert hits > 0.9
    assert (np.diff(values, axis=1) <= 0).all()
    assert not (found == np.arange(3_000)[:, None]).any()


@pytest.mark.parametrize("large", [False, True])
def test_clear_asks_are_found_on_small_and_large_paths(
    large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if large:
        monkeypatch.setattr("feedback.engine.cluster.clustering.DENSE_UP_TO", 10)
        monkeypatch.setattr("feedback.engine.cluster.clustering.ONE_LEVEL_UP_TO", 100)
        monkeypatch.setattr("feedback.engine.cluster.clustering.ALL_REGIONS_UP_TO", 200)
        monkeypatch.setattr("feedback.engine.cluster.clustering.LARGE_REGION", 150)
    corpus, truth = board(n=400, asks=8, noise=0.5)
    found = quality(truth, Grouper().fit_predict(corpus))
    assert found.ari > 0.9
    assert found.alone_in_company < 0.05


def test_parts_of_different_grain_are_cut_each_at_its_own_level(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("feedback.engine.cluster.clustering.DENSE_UP_TO", 150)
    monkeypatch.setattr("feedback.engine.cluster.clustering.ONE_LEVEL_UP_TO", 200)
    monkeypatch.setattr("feedback.engine.cluster.clustering.REGION", 100)
    monkeypatch.setattr("feedback.engine.cluster.levels.FEW", 20.0)
    coarse, truth = board(n=200, asks=4, noise=0.7)
    fine, tiny = board(n=200, asks=30, noise=0.15, seed=1, prefix="q")
    nothing = np.zeros((200, 32), dtype=np.float32)
    vectors = np.block([[coarse.vectors, nothing], [nothing, fine.vectors]])
    both = Corpus([*coarse.ids, *fine.ids], vectors, [*coarse.texts, *fine.texts])
    grouper = Grouper().fit(both)
    # One level for both gives .05 for one of them.
    assert quality(truth, grouper.labels_[:200]).ari > 0.7
    assert quality(tiny, grouper.labels_[200:]).ari > 0.9


def test_near_copies_that_all_views_agree_on_do_not_set_the_level() -> None:
    rng = np.random.default_rng(0)
    topics = np.repeat(np.arange(40), 10)
    views = []
    for middles in rng.normal(size=(2, 40, 24)):
        vectors = 0.7 * middles[topics] + rng.normal(size=(400, 24))
        # Thirty posts come twice, more or less in the same words.
        strayed = rng.uniform(0.2, 1.4, size=(30, 1)) * rng.normal(size=(30, 24))
        vectors[:30] = vectors[60:90] + strayed
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        views.append((vectors @ vectors.T).astype(np.float32))
    fused = average_linkage((views[0] + views[1]) / 2)
    level = best_cut(fused, [average_linkage(view.copy()) for view in views])
    assert level < 1.5 * usual_level(400)


def test_heights_relative_to_local_levels_cut_as_levels_do() -> None:
    similarity = np.array(
        [
            [1, 0.6, 0.1, 0.1],
            [0.6, 1, 0.1, 0.1],
            [0.1, 0.1, 1, 0.3],
            [0.1, 0.1, 0.3, 1],
        ],
        dtype=np.float32,
    )
    forest = average_linkage(similarity)
    ones = np.ones(4, dtype=np.int64)
    local = forest.relative_to(np.array([0.8, 0.8, 0.2, 0.2]), ones)
    assert [len(set(local.at(1.0)[at])) for at in ([0, 1], [2, 3], [0, 2])] == [2, 1, 2]
    assert (np.diff(local.heights) <= 0).all()
    assert len(set(local.after(3))) == 1
    everywhere = forest.relative_to(np.full(4, 0.5), ones)
    assert everywhere.at(1.0).tolist() == forest.at(0.5).tolist()


def test_a_board_of_one_two_or_three_posts_is_grouped() -> None:
    corpus, _ = board(n=3)
    for n in (1, 2, 3):
        assert len(Grouper().fit(corpus.take(range(n))).labels_) == n


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("👍", "symbols"),
        ("!!!", "symbols"),
        ("good app", "courtesy"),
        ("Thanks!", "courtesy"),
        ("谢谢", "courtesy"),
        ("非常好用", "courtesy"),
        ("2026-01-02 10:00:00 ERROR a.b.C failed\n" * 120, "log"),
        ("a" * 5_000, "symbols"),
        ("xyz1 " * 1_000, "log"),
        ("QmFzZTY0IGlzIG5vdCBhIHJlcXVlc3Q" * 100, "log"),
        ("dark mode", ""),
        ("good app but it crashes", ""),
        ("深色模式", ""),
        ("不能登录", ""),
    ],
)
def test_boilerplate_is_what_asks_for_nothing(text: str, why: str) -> None:
    assert boilerplate(text) == why


def test_boilerplate_joins_no_ask_and_its_twins_stay_together() -> None:
    corpus, _ = board(n=60)
    texts = ["thanks", "thanks!", "", "👍", *corpus.texts[4:]]
    grouper = Grouper().fit(Corpus(corpus.ids, corpus.vectors, texts))
    assert grouper.boilerplate_[:4].all()
    assert not grouper.boilerplate_[4:].any()
    labels = grouper.labels_
    assert labels[0] == labels[1]
    assert not set(labels[:4]) & set(labels[4:])
    assert grouper.reasons_[corpus.ids[0]].ground is Ground.BOILERPLATE


def test_a_large_ask_has_facets_and_a_small_one_has_none() -> None:
    corpus, truth = board(n=120, asks=3, noise=0.3)
    found = facets(corpus, corpus.ids)
    assert len(found) == 3
    parts = {i: at for at, facet in enumerate(found) for i in facet.members}
    assert quality([truth[int(i[1:])] for i in parts], list(parts.values())).ari > 0.9
    assert facets(corpus, corpus.ids[:5]) == []


def test_every_membership_names_near_posts_of_its_group() -> None:
    corpus, _ = board(n=60)
    grouper = Grouper().fit(corpus)
    for group in grouper.groups_:
        for i in group.members:
            reason = grouper.reasons_[i]
            if len(group) > 1:
                assert reason.nearest
                assert {near.id for near in reason.nearest} <= set(group.members) - {i}
            else:
                assert reason.ground is Ground.ALONE


def test_a_new_post_is_placed_with_its_like_and_a_stranger_stays_unplaced() -> None:
    corpus, truth = board(n=200, asks=5)
    grouper = Grouper().fit(corpus.take(range(180)))
    placer = Placer(
        corpus.take(range(180)),
        grouper.keys_,
        threshold=grouper.threshold_,
        space=grouper.space_,
    )
    late = corpus.take(range(180, 200))
    placed = 0
    for placement, ask in zip(placer.place(late), truth[180:], strict=True):
        if placement.key is None:
            continue  # rather unplaced than wrong
        placed += 1
        company = [i for i, key in grouper.keys_.items() if key == placement.key]
        assert truth[int(str(company[0])[1:])] == ask
    assert placed >= 10
    stranger = np.zeros((1, 32), dtype=np.float32)
    stranger[0] = np.linalg.svd(corpus.vectors)[2][-1]
    placement = placer.place(Corpus(["new"], stranger, ["something else entirely"]))[0]
    assert placement.key is None
    assert placement.candidates


def test_similar_finds_by_meaning_by_word_and_without_an_encoder() -> None:
    corpus, truth = board(n=60)
    similar = Similar(corpus)
    found = similar.search([corpus.texts[0]], corpus.vectors[:1], own=[corpus.ids[0]], k=5)[0]
    assert corpus.ids[0] not in [i for i, _ in found]
    assert truth[int(str(found[0][0])[1:])] == truth[0]
    words_only = similar.search([corpus.texts[0]], None, k=1)[0]
    assert words_only[0][0] == corpus.ids[0]


def test_words_count_for_long_texts_and_for_version_numbers() -> None:
    assert word_share("怎么打开深色模式", 5) == 0.0
    assert word_share("crash since 5.18", 3) > 0.1
    assert word_share("a long report " * 30, 90) == pytest.approx(0.5)


def test_posts_that_have_nothing_in_common_stay_alone() -> None:
    rows = (np.eye(12) - 1 / 12).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    corpus = Corpus(list(range(12)), rows, [f"left{n} right{n}" for n in range(12)])
    grouper = Grouper().fit(corpus)
    assert len(grouper.groups_) == 12
    assert grouper.level_ == pytest.approx(LOWEST)
    assert all(np.isfinite(one.weight) for one in grouper.questions())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Dark mode", "## DARK mode!!! 🙂", True),
        ("深色模式", "深色模式。", True),
        ("See v1", "See: v1.", True),
        ("Support C++", "Support C#", False),
        ("Support C", "Support C++!", False),
        ("Play at 1.5x", "Play at 15x", False),
        ("Crop to 2:3", "Crop to 23", False),
        ("दिन", "दीन", False),
        ("ไม่", "ไม", False),
    ],
)
def test_the_same_words_have_the_same_meaning(one: str, other: str, same: bool) -> None:
    assert (squeezed(one) == squeezed(other)) == same
