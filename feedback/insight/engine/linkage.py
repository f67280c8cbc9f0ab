"""Average linkage that obeys: contracted posts, colours that must not mix, pairs that must not meet."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from .corpus import Doubles, Floats, Ints


@dataclass(frozen=True)
class Forest:
    """All joins of m rows, closest first: ``joins`` (j, 2) holds a row of either side, ``heights`` (j,) descend.

    Where decisions keep groups apart for good there is more than one tree.
    """

    m: int
    joins: Ints
    heights: Doubles

    def at(self, threshold: float) -> Ints:
        """Return a label per row when groups join down to mean similarity ``threshold``."""
        return self.after(int(np.searchsorted(-self.heights, -threshold, side="right")))

    def groups(self, count: int) -> Ints:
        """Return a label per row with ``count`` groups, or as few as decisions allow."""
        return self.after(max(0, self.m - count))

    def after(self, joins: int) -> Ints:
        """Return a label per row after the first ``joins``."""
        pairs = self.joins[:joins]
        graph = csr_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(self.m,) * 2)
        labels: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
        return labels

    def threshold(self, count: int) -> float:
        """Return a threshold at which `at` makes ``count`` groups."""
        joins = min(max(0, self.m - count), len(self.heights))
        last = self.heights[joins - 1] if joins else 1.0
        following = self.heights[joins] if joins < len(self.heights) else last
        return float((last + following) / 2)


def average_linkage(
    similarity: Floats,
    sizes: Ints | None = None,
    *,
    colours: Ints | None = None,
    apart: Iterable[tuple[int, int]] = (),
) -> Forest:
    """Return the average-linkage forest of ``similarity`` (m, m), which is overwritten.

    Rows are posts, or posts contracted into one (``sizes`` says how many). Two groups join at the mean
    similarity over all their pairs. Rows of different ``colours`` (>= 0) never share a group, nor do the pairs
    in ``apart``: their similarity is minus infinity, which an average keeps.

    The nearest-neighbour chain (Murtagh 1983) finds the same tree as always joining the closest pair, since
    an average never exceeds the greater of its parts; it needs O(m^2) time.
    """
    m = len(similarity)
    np.fill_diagonal(similarity, -np.inf)
    if colours is not None and (colours >= 0).any():
        coloured = np.flatnonzero(colours >= 0)
        clash = colours[coloured, None] != colours[None, coloured]
        block = similarity[np.ix_(coloured, coloured)]
        similarity[np.ix_(coloured, coloured)] = np.where(clash, -np.inf, block)
    for a, b in apart:
        similarity[a, b] = similarity[b, a] = -np.inf
    weight = np.ones(m) if sizes is None else sizes.astype(np.float64)
    active = np.ones(m, dtype=bool)
    joins: list[tuple[int, int]] = []
    heights: list[float] = []
    chain: list[int] = []
    cursor = 0
    while True:
        if not chain:
            while cursor < m and not active[cursor]:
                cursor += 1
            if cursor == m:
                break
            chain.append(cursor)
        here = chain[-1]
        row = similarity[here]
        best = int(row.argmax())
        height = row[best]
        if height == -np.inf:
            active[here] = False
            chain.pop()
            continue
        if len(chain) > 1 and row[chain[-2]] >= height:
            other = chain[-2]
            del chain[-2:]
            keep, gone = (here, other) if here < other else (other, here)
            total = weight[keep] + weight[gone]
            merged = similarity[keep]
            merged *= weight[keep] / total
            merged += similarity[gone] * np.float32(weight[gone] / total)
            merged[keep] = merged[gone] = -np.inf
            similarity[:, keep] = merged
            similarity[gone] = -np.inf
            similarity[:, gone] = -np.inf
            weight[keep] = total
            active[gone] = False
            joins.append((keep, gone))
            heights.append(float(height))
        else:
            chain.append(best)
    order = np.argsort(-np.array(heights), kind="stable")
    pairs = np.array(joins, dtype=np.int64).reshape(-1, 2)
    return Forest(m, pairs[order], np.array(heights, dtype=np.float64)[order])
