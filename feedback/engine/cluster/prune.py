"""Pruning: small groups lose the posts that are no more alike than chance makes some posts of a large board.

Among thousands of unrelated posts some two are alike by chance, and average linkage joins these first. The highest of
n random similarities grows with the root of log n, so a group of a few posts must be more alike the larger the board
is. A large group need not: chance does not make many posts alike.
"""

import math
from collections.abc import Sequence

import numpy as np

from feedback.engine.cluster.affinity import WORD_SHARE
from feedback.engine.cluster.problem import ClusteringProblem
from feedback.engine.data.corpus import Floats, Ints

#: Groups of up to this many bundles are looked at.
SMALL = 4
#: The mean cosine similarity a small group must have on a board of ten posts; 1.9 times as much on 3,000.
LEAST_OF_TEN = 0.21
#: Groups that are compared at a time.
_BLOCK = 1_024


def least_similarity(posts: int) -> float:
    """Return the mean cosine similarity below which a small group is no more than chance among ``posts``."""
    return LEAST_OF_TEN * math.sqrt(math.log10(max(posts, 10)))


def prune(labels: Ints, problem: ClusteringProblem) -> Ints:
    """Return ``labels`` (m,) where the least similar bundles of small groups that are not alike enough are alone.

    Groups that a decision put a bundle in (``colours``) stay as they are, and bundles that were in one group before
    (``origins``) stay together.
    """
    out = labels.copy()
    counts = np.bincount(labels)
    decided = np.bincount(labels, weights=problem.colours >= 0) > 0
    looked_at = (counts >= 2) & (counts <= SMALL) & ~decided
    rows = np.flatnonzero(looked_at[labels])
    rows = rows[np.argsort(labels[rows], kind="stable")]
    if not len(rows):
        return out
    lowest = least_similarity(int(problem.sizes.sum()))
    fresh = int(labels.max()) + 1
    starts = np.flatnonzero(np.diff(labels[rows], prepend=-1))
    ends = np.append(starts[1:], len(rows))
    for first in range(0, len(starts), _BLOCK):
        last = min(first + _BLOCK, len(starts))
        similarity = _similarities(problem, rows, starts[first:last], ends[first:last])
        for at in range(first, last):
            group = rows[starts[at] : ends[at]]
            origins = problem.origins[group].tolist()
            staying = frozenset(
                i for i, origin in enumerate(origins) if origin >= 0 and origins.count(origin) > 1
            )
            sizes = problem.sizes[group].tolist()
            for place in pruned_members(similarity[at - first], sizes, lowest, staying):
                out[group[place]] = fresh
                fresh += 1
    return out


def pruned_members(
    similarity: Floats, sizes: Sequence[int], lowest: float, staying: frozenset[int] = frozenset()
) -> list[int]:
    """Return the bundles of a group that are pruned until the rest is alike enough: least similar first.

    ``similarity`` holds the bundles' mean similarities, ``sizes`` their posts; those in ``staying`` are never pruned.
    """
    alike = similarity.tolist()
    live = list(range(len(sizes)))
    gone: list[int] = []
    while len(live) > 1 and not staying.issuperset(live):
        weight = {i: sum(sizes[j] for j in live if j != i) for i in live}
        mean = {i: sum(alike[i][j] * sizes[j] for j in live if j != i) / weight[i] for i in live}
        pairs = sum(sizes[i] * weight[i] for i in live)
        if sum(mean[i] * sizes[i] * weight[i] for i in live) / pairs >= lowest:
            break
        # Rounding keeps ties ties; of equals the later leaves.
        worst = min((i for i in live if i not in staying), key=lambda i: (round(mean[i], 6), -i))
        live.remove(worst)
        gone.append(worst)
    return gone


def _similarities(problem: ClusteringProblem, rows: Ints, starts: Ints, ends: Ints) -> Floats:
    """Return (g, SMALL, SMALL), the similarities within each span of ``rows``, as `ClusteringProblem.similarity` has them.

    Where a span is shorter, its last row is repeated.
    """
    spread = rows[np.minimum(starts[:, None] + np.arange(SMALL), ends[:, None] - 1)]
    means, words = (
        np.asarray(part[spread.ravel()], dtype=np.float32).reshape(*spread.shape, -1)
        for part in (problem.means, problem.words)
    )
    present = np.stack(
        [np.any(means[:, :, start:stop], axis=2) for _, start, stop in problem.views], axis=2
    ).astype(np.float32)
    views = present.sum(axis=2)
    shared = np.sqrt(views[:, :, None] * views[:, None, :])
    shared /= np.maximum(present @ present.transpose(0, 2, 1), 1.0)
    meaning = (means @ means.transpose(0, 2, 1)) * shared
    found: Floats = (1.0 - WORD_SHARE) * meaning + WORD_SHARE * (words @ words.transpose(0, 2, 1))
    return found
