"""Small groups have to be more alike the larger the board is."""

import numpy as np

from feedback.engine.cluster.problem import ClusteringProblem
from feedback.engine.cluster.prune import least_similarity, prune, pruned_members


def _board(cosines: np.ndarray, *, origins: list[int] | None = None) -> ClusteringProblem:
    """A board whose vectors have these cosines; its words say nothing, so its similarities are .82 of them."""
    m = len(cosines)
    vectors = np.linalg.cholesky(cosines + 1e-6 * np.eye(m)).astype(np.float32)
    nobody = np.full(m, -1, dtype=np.int64)
    return ClusteringProblem(
        vectors,
        np.zeros((m, 4), dtype=np.float32),
        (("all", 0, m),),
        np.ones(m, dtype=np.int64),
        nobody,
        nobody if origins is None else np.array(origins),
    )


def _three(second: float, third: float) -> np.ndarray:
    """Two posts with cosine ``second``, and one with cosine ``third`` to both."""
    cosines = np.full((3, 3), third)
    cosines[0, 1] = cosines[1, 0] = second
    np.fill_diagonal(cosines, 1.0)
    return cosines


def test_the_bar_rises_with_the_board() -> None:
    assert (
        least_similarity(3)
        == least_similarity(10)
        < least_similarity(30)
        < least_similarity(3_000)
        < least_similarity(100_000)
        < 0.5
    )


def test_the_least_similar_leaves_until_the_rest_is_alike() -> None:
    assert pruned_members(_three(0.8, 0.5), [1, 1, 1], 0.4) == []
    assert pruned_members(_three(0.8, 0.1), [1, 1, 1], 0.4) == [2]
    assert pruned_members(_three(0.2, 0.1), [1, 1, 1], 0.4) == [2, 1]


def test_who_was_together_before_stays_together() -> None:
    labels = np.zeros(3, dtype=np.int64)
    assert len(set(prune(labels, _board(_three(0.2, 0.05))))) == 3
    kept = prune(labels, _board(_three(0.2, 0.05), origins=[5, 5, -1]))
    assert kept[0] == kept[1] != kept[2]


def test_large_groups_stay() -> None:
    cosines = np.full((6, 6), 0.05)
    np.fill_diagonal(cosines, 1.0)
    assert len(set(prune(np.zeros(6, dtype=np.int64), _board(cosines)))) == 1
