"""Average linkage under constraints: contracted posts, colours that must not mix, pairs that must stay apart."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from feedback.engine.data.corpus import Doubles, Floats, Ints


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

    def relative_to(self, local: Doubles, sizes: Ints) -> "Forest":
        """Return the joins with heights as shares of the ``local`` level (m,) around the posts joined, closest first.

        The level around a group is the mean over its posts, ``sizes`` (m,) in a row. No join is closer than one below it:
        a cut of the result never joins what it has parted.
        """
        parent = list(range(self.m))
        weight, least = sizes.astype(np.float64), np.full(self.m, np.inf)
        total = local * weight
        heights = np.empty(len(self.heights))

        def top(row: int) -> int:
            while parent[row] != row:
                parent[row] = parent[parent[row]]
                row = parent[row]
            return row

        for at, (a, b) in enumerate(self.joins.tolist()):
            keep, gone = top(a), top(b)
            total[keep] += total[gone]
            weight[keep] += weight[gone]
            own = round(float(self.heights[at] * weight[keep] / total[keep]), 9)
            least[keep] = heights[at] = min(own, least[keep], least[gone])
            parent[gone] = keep
        order = np.argsort(-heights, kind="stable")
        return Forest(self.m, self.joins[order], heights[order])

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

    def average(keep: int, gone: int) -> Floats:
        total = weight[keep] + weight[gone]
        merged: Floats = similarity[keep]
        merged *= weight[keep] / total
        merged += similarity[gone] * np.float32(weight[gone] / total)
        return merged

    pairs, heights = nearest_neighbour_chain(similarity, weight, average)
    order = np.argsort(-heights, kind="stable")
    return Forest(m, pairs[order], heights[order])


def nearest_neighbour_chain(
    near: npt.NDArray[Any], weight: Doubles, merged: Callable[[int, int], npt.NDArray[Any]]
) -> tuple[Ints, Doubles]:
    """Join the two nearest until none may join; return the joins (j, 2) and their nearness (j,), in the order made.

    ``near`` (m, m) is symmetric and minus infinity where two never meet, on its diagonal too; it and ``weight`` (m,)
    are used up. ``merged(keep, gone)`` returns the nearness of all rows to the two joined, never more than the
    greater of both: only then is the tree the same as by always joining the closest pair.
    """
    m = len(near)
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
        row = near[here]
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
            row = merged(keep, gone)
            row[keep] = row[gone] = -np.inf
            near[keep] = near[:, keep] = row
            near[gone] = near[:, gone] = -np.inf
            weight[keep] += weight[gone]
            active[gone] = False
            joins.append((keep, gone))
            heights.append(float(height))
        else:
            chain.append(best)
    return np.array(joins, dtype=np.int64).reshape(-1, 2), np.array(heights, dtype=np.float64)
