"""Average linkage on a neighbour graph, for boards too large for a full matrix.

Reciprocal agglomerative clustering (Sumengen et al. 2021): in every round all pairs that are each other's
nearest join at once. Average linkage never brings a joined group nearer than its parts were, so this finds the
tree of joining one closest pair at a time; only groups that neighbours connect are compared.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix, csr_matrix

from feedback.engine.cluster.linkage import Forest
from feedback.engine.data.corpus import Doubles, Floats, Ints

#: Groups less alike than this are never compared again: no board is cut so low (`cut_selection.LOWEST`).
FLOOR = 0.05
#: Edges that are compared at a time: few enough that both sides' sums stay in the processor's cache.
_CHUNK = 512


def dots_of_rows(rows: Floats, a: Ints, b: Ints) -> Doubles:
    """Return the dot products (e,) of ``rows[a]`` and ``rows[b]``, row by row."""
    dots = np.empty(len(a), dtype=np.float64)
    left, right = np.empty((2, min(_CHUNK, len(a)), rows.shape[1]), dtype=rows.dtype)
    for start in range(0, len(a), _CHUNK):
        part = slice(start, start + _CHUNK)
        count = len(a[part])
        np.take(rows, a[part], axis=0, out=left[:count], mode="clip")
        np.take(rows, b[part], axis=0, out=right[:count], mode="clip")
        dots[part] = np.einsum("ij,ij->i", left[:count], right[:count])
    return dots


class Reciprocal:
    """The state of a run: cluster sums, and the edges between clusters.

    Two clusters are as alike as the mean over their pairs of posts of: the dot product of ``vectors`` (already
    weighted), the weight in ``graph`` (sparse, symmetric), and ``anchor`` for two posts of one origin, minus
    ``anchor`` for posts of two origins.
    """

    def __init__(
        self,
        vectors: Floats,
        graph: csr_matrix,
        sizes: Ints,
        *,
        colours: Ints,
        origins: Ints,
        apart: Sequence[tuple[int, int]],
        anchor: float,
    ) -> None:
        m = len(vectors)
        self.m = m
        self.sums = vectors * sizes[:, None].astype(np.float32)
        self.sizes = sizes.astype(np.float64)
        self.colours = colours.copy()
        self.anchor = anchor
        upper = coo_matrix(graph)
        keep = upper.row < upper.col
        self.a = upper.row[keep].astype(np.int64)
        self.b = upper.col[keep].astype(np.int64)
        self.extra = upper.data[keep].astype(np.float64) * self.sizes[self.a] * self.sizes[self.b]
        known = np.flatnonzero(origins >= 0)
        self.origins: csr_matrix | None = None
        if len(known) and anchor:
            self.origins = csr_matrix(
                (self.sizes[known], (known, origins[known])),
                shape=(m, int(origins.max()) + 1),
            )
            self.known = np.where(origins >= 0, self.sizes, 0.0)
        pairs = np.array(list(apart), dtype=np.int64).reshape(-1, 2)
        self.apart = np.sort(pairs, axis=1)

    def forest(self) -> Forest:
        """Join until nothing is alike any more, and return every join."""
        names = np.arange(self.m)
        joins: list[Ints] = []
        heights: list[Doubles] = []
        self._forbid()
        alike = self._likeness(np.arange(len(self.a)))
        while True:
            near_enough = alike >= FLOOR
            if not near_enough.all():
                self._keep(near_enough)
                alike = alike[near_enough]
            if not len(alike):
                break
            left, right, height = self._reciprocal(alike)
            joins.append(np.stack([names[left], names[right]], axis=1))
            heights.append(height)
            alike = self._join(left, right, alike)
        if not joins:
            return Forest(self.m, np.zeros((0, 2), np.int64), np.zeros(0))
        all_heights = np.concatenate(heights)
        order = np.argsort(-all_heights, kind="stable")
        return Forest(self.m, np.concatenate(joins)[order], all_heights[order])

    def _keep(self, mask: np.ndarray) -> None:
        self.a, self.b, self.extra = self.a[mask], self.b[mask], self.extra[mask]

    def _likeness(self, edges: Ints) -> Doubles:
        """Return the mean likeness of the pairs of posts behind each of ``edges``."""
        a, b = self.a[edges], self.b[edges]
        dots = dots_of_rows(self.sums, a, b)
        dots += self.extra[edges]
        if self.origins is not None:
            same = np.asarray(self.origins[a].multiply(self.origins[b]).sum(axis=1)).ravel()
            dots += self.anchor * (2.0 * same - self.known[a] * self.known[b])
        # Rounding keeps ties ties, whatever order a sum was taken in.
        rounded: Doubles = np.round(dots / (self.sizes[a] * self.sizes[b]), 6)
        return rounded

    def _reciprocal(self, alike: Doubles) -> tuple[Ints, Ints, Doubles]:
        """Return the pairs that are each other's nearest: (left, right, likeness); ties go to the lower row."""
        value = np.full(self.m, -np.inf)
        np.maximum.at(value, self.a, alike)
        np.maximum.at(value, self.b, alike)
        best = np.full(self.m, self.m, dtype=np.int64)
        for here, there in ((self.a, self.b), (self.b, self.a)):
            top = np.flatnonzero(alike == value[here])
            np.minimum.at(best, here[top], there[top])
        rows = np.flatnonzero(best < self.m)
        mutual = rows[(best[best[rows]] == rows) & (rows < best[rows])]
        return mutual, best[mutual], value[mutual]

    def _join(self, left: Ints, right: Ints, alike: Doubles) -> Doubles:
        """Join ``right`` into ``left``; return the likeness of the edges that remain."""
        self.sums[left] += self.sums[right]
        self.sizes[left] += self.sizes[right]
        self.colours[left] = np.maximum(self.colours[left], self.colours[right])
        target = np.arange(self.m)
        target[right] = left
        touched = np.zeros(self.m, dtype=bool)
        touched[left] = touched[right] = True
        if self.origins is not None:
            merge = csr_matrix(
                (np.ones(self.m), (target, np.arange(self.m))), shape=(self.m, self.m)
            )
            self.origins = merge @ self.origins
            self.known = merge @ self.known
        if len(self.apart):
            self.apart = np.unique(np.sort(target[self.apart], axis=1), axis=0)

        # Only edges at a joined cluster change; among themselves some now name the same two clusters.
        stale = touched[self.a] | touched[self.b]
        a, b, extra = target[self.a[stale]], target[self.b[stale]], self.extra[stale]
        low, high = np.minimum(a, b), np.maximum(a, b)
        order = np.flatnonzero(low != high)
        order = order[np.argsort((low * self.m + high)[order], kind="stable")]
        low, high, extra = low[order], high[order], extra[order]
        fresh = np.ones(len(order), dtype=bool)
        fresh[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
        starts = np.flatnonzero(fresh)
        sums = np.add.reduceat(extra, starts) if len(starts) else extra
        same = ~stale
        kept = int(same.sum())
        self.a = np.concatenate([self.a[same], low[starts]])
        self.b = np.concatenate([self.b[same], high[starts]])
        self.extra = np.concatenate([self.extra[same], sums])
        allowed = self._forbid()
        stayed = int(allowed[:kept].sum())
        return np.concatenate(
            [alike[same][allowed[:kept]], self._likeness(np.arange(stayed, len(self.a)))]
        )

    def _forbid(self) -> npt.NDArray[np.bool_]:
        """Drop the edges that decisions forbid; return the mask of those kept."""
        mine, other = self.colours[self.a], self.colours[self.b]
        allowed: npt.NDArray[np.bool_] = (mine < 0) | (other < 0) | (mine == other)
        if len(self.apart):
            banned = self.apart[:, 0] * self.m + self.apart[:, 1]
            allowed &= ~np.isin(self.a * self.m + self.b, banned)
        if not allowed.all():
            self._keep(allowed)
        return allowed
