"""From bundles to labels: affinity, linkage, cut."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from feedback.engine.cluster.affinity import (
    FUZZY_NEIGHBOURS,
    FUZZY_SHARE,
    affinity,
    fuzzy_graph,
    smoothing_graph,
)
from feedback.engine.cluster.cut_selection import USUAL, Cut, best_cut
from feedback.engine.cluster.linkage import Forest, average_linkage
from feedback.engine.cluster.problem import ClusteringProblem
from feedback.engine.cluster.prune import prune
from feedback.engine.cluster.reciprocal import Reciprocal
from feedback.engine.data.corpus import Floats, Ints
from feedback.engine.data.rows import BLOCK
from feedback.engine.neighbours.cells import cells
from feedback.engine.neighbours.directions import principal_directions
from feedback.engine.neighbours.nearest import CELL, EXACT_UP_TO, near_neighbours, neighbours

#: Up to this many bundles one full matrix is clustered; beyond it, the neighbour graph of compact vectors.
DENSE_UP_TO = 1_200
#: Up to this many bundles find the level together; a larger board takes the mean, in logarithms, over some
#: regions of it: they differ by a factor of two and more, so few of them would say little.
LEVEL_UP_TO = 6_000
REGIONS = 9
REGION = 2_500
LEAST = 0.01
#: Dimensions that a large board's vectors are brought down to.
COMPACT = 256
#: Posts that say which directions these are.
COMPACT_SAMPLE = 8_000


def cluster(
    problem: ClusteringProblem, *, level: float | None, anchor: float
) -> tuple[Ints, float]:
    """Return a label per bundle and the level, in affinity, at which the tree was cut.

    Bundles of one origin are nearer by ``anchor``, of two origins farther by it. ``level`` None: found.
    """
    m = len(problem)
    if m < 2:
        return np.zeros(m, dtype=np.int64), level if level is not None else USUAL
    grow = _growth(problem)
    anchored = bool(anchor) and bool((problem.origins >= 0).any())
    if level is None:
        # Found without the anchor, which lifts what is known above what is new.
        plain, level = _plain_and_level(grow, m)
        if not anchored:
            return prune(plain.at(level), problem), level
    found = grow.forest(anchor if anchored else 0.0).at(level)
    return prune(found, problem), level


def _plain_and_level(grow: "_Growth", m: int) -> tuple[Forest, float]:
    """Return the forest without anchor, and the level at which to cut it."""
    if m <= LEVEL_UP_TO:
        plain = grow.forest(0.0)
        return plain, grow.level(plain)
    # The level of a large board comes from regions with forests of their own: both at once, on two cores. Each
    # takes its sums in its own order, so the result is that of one after the other.
    with ThreadPoolExecutor(1) as pool:
        growing = pool.submit(grow.forest, 0.0)
        level = grow.level(None)
        return growing.result(), level


def forests(
    problem: ClusteringProblem, *, level: float | None, anchor: float
) -> tuple[Forest, Forest, float]:
    """Return the forest of ``problem`` without ``anchor`` and with it, and the level (found, unless given)."""
    if len(problem) < 2:
        alone = Forest(len(problem), np.zeros((0, 2), dtype=np.int64), np.zeros(0))
        return alone, alone, level if level is not None else USUAL
    grow = _growth(problem)
    plain = grow.forest(0.0)
    anchored = bool(anchor) and bool((problem.origins >= 0).any())
    return (
        plain,
        grow.forest(anchor) if anchored else plain,
        grow.level(plain) if level is None else level,
    )


def _growth(problem: ClusteringProblem) -> "_Growth":
    if len(problem) <= DENSE_UP_TO:
        return _Dense(problem, affinity(problem.similarity()))
    return _Sparse.of(problem)


class _Growth(Protocol):
    """How a board becomes a forest: by all pairs, or by a neighbour graph."""

    def forest(self, anchor: float) -> Forest: ...

    def level(self, plain: Forest | None) -> float: ...


@dataclass(frozen=True)
class _Dense:
    """All pairs of a small board."""

    problem: ClusteringProblem
    likeness: Floats

    def forest(self, anchor: float) -> Forest:
        problem, likeness = self.problem, self.likeness.copy()
        known = np.flatnonzero(problem.origins >= 0)
        if len(known) and anchor:
            same = problem.origins[known, None] == problem.origins[None, known]
            likeness[np.ix_(known, known)] += np.where(same, anchor, -anchor).astype(np.float32)
        return average_linkage(
            likeness, problem.sizes, colours=problem.colours, apart=problem.apart
        )

    def level(self, plain: Forest | None) -> float:
        return find_cut(self.problem, plain or self.forest(0.0)).level


@dataclass(frozen=True)
class _Sparse:
    """The neighbour graph of a large board's compact vectors, and its cells."""

    problem: ClusteringProblem
    vectors: Floats
    near: tuple[Ints, Floats]
    cells: tuple[Ints, Floats]

    @classmethod
    def of(cls, problem: ClusteringProblem) -> "_Sparse":
        vectors = compact(problem, COMPACT)
        found = cells(vectors, CELL)
        if len(problem) <= EXACT_UP_TO:
            near = neighbours(vectors, FUZZY_NEIGHBOURS)
        else:
            near = near_neighbours(vectors, FUZZY_NEIGHBOURS, *found)
        return cls(problem, vectors, near, found)

    def forest(self, anchor: float) -> Forest:
        return sparse_forest(self.vectors, self.near, self.problem, anchor)

    def level(self, plain: Forest | None) -> float:
        if len(self.problem) <= LEVEL_UP_TO:
            return find_cut(self.problem, plain or self.forest(0.0)).level
        found = []
        for rows in regions(*self.cells):
            part, vectors = self.problem.take(rows), self.vectors[rows]
            near = neighbours(vectors, FUZZY_NEIGHBOURS)
            found.append(find_cut(part, sparse_forest(vectors, near, part)).level)
        return float(np.exp(np.mean(np.log(np.maximum(found, LEAST)))))


def find_cut(problem: ClusteringProblem, forest: Forest) -> Cut:
    """Return the cut of ``forest`` on which the views of ``problem`` agree most."""
    if len(problem) < 4:
        return Cut(USUAL, len(problem), 0.0)
    views, halves = problem.independent_views()
    return best_cut(
        forest,
        [_view_forest(units) for units in views],
        halves=halves,
        known=problem.origins if (problem.origins >= 0).any() else None,
    )


def sparse_forest(
    vectors: Floats,
    near: tuple[Ints, Floats],
    problem: ClusteringProblem | None,
    anchor: float = 0.0,
) -> Forest:
    """Return the forest over the graph of ``near`` neighbours of ``vectors``; without ``problem``, of plain posts."""
    m = len(vectors)
    found, values = near
    moved = smoothing_graph(found, values) @ vectors
    # A row keeps its length: that of a bundle of unlike posts is below 1, so that its similarities stay means.
    length = np.linalg.norm(vectors, axis=1) / np.maximum(np.linalg.norm(moved, axis=1), 1e-9)
    moved *= (length * np.sqrt(1.0 - FUZZY_SHARE))[:, None].astype(np.float32)
    nobody = np.full(m, -1, dtype=np.int64)
    return Reciprocal(
        moved,
        fuzzy_graph(found, values) * FUZZY_SHARE,
        problem.sizes if problem else np.ones(m, dtype=np.int64),
        colours=problem.colours if problem else nobody,
        origins=problem.origins if problem else nobody,
        apart=problem.apart if problem else (),
        anchor=anchor,
    ).forest()


def _view_forest(units: Floats) -> Forest:
    if len(units) <= DENSE_UP_TO:
        return average_linkage(affinity(units @ units.T))
    return sparse_forest(units, neighbours(units, FUZZY_NEIGHBOURS), None)


def regions(home: Ints, centres: Floats) -> list[Ints]:
    """Return the rows of `REGIONS` parts of a large board, each about `REGION` rows around an evenly spread cell.

    Neighbouring cells are taken whole: a region is as dense as the board, and has no gaps that would make any
    two views agree on its islands.
    """
    sizes = np.bincount(home, minlength=len(centres))
    found = []
    for seed in np.linspace(0, len(centres) - 1, REGIONS + 2).astype(np.int64)[1:-1]:
        order = np.argsort(-(centres @ centres[seed]), kind="stable")
        count = int(np.searchsorted(np.cumsum(sizes[order]), REGION)) + 1
        found.append(np.flatnonzero(np.isin(home, order[:count])))
    return found


def compact(problem: ClusteringProblem, width: int) -> Floats:
    """Return vectors (m, width) whose dot product is nearly the fused similarity, in its principal directions.

    Rows keep their length. The directions are those of evenly spread rows.
    """
    m = len(problem)
    sample = problem.joined(np.linspace(0, m - 1, min(m, COMPACT_SAMPLE)).astype(np.int64))
    turn = principal_directions(sample, width)
    out = np.empty((m, turn.shape[1]), dtype=np.float32)
    for start in range(0, m, BLOCK):
        rows = np.arange(start, min(start + BLOCK, m))
        # A board that is its own sample has been read already.
        block = sample[rows] if len(sample) == m else problem.joined(rows)
        part = block @ turn
        square = np.einsum("ij,ij->i", part, part)
        length = np.sqrt(np.einsum("ij,ij->i", block, block) / np.maximum(square, 1e-18))
        out[rows] = part * length[:, None]
    return out
