"""From bundles to labels: affinity, linkage, levels, cut."""

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from feedback.engine.cluster.affinity import (
    FUZZY_NEIGHBOURS,
    FUZZY_SHARE,
    affinity,
    fuzzy_graph,
    smoothing_graph,
)
from feedback.engine.cluster.cut_selection import USUAL, best_cut
from feedback.engine.cluster.levels import Levels, nearest_region, spread_levels
from feedback.engine.cluster.linkage import Forest, average_linkage
from feedback.engine.cluster.problem import ClusteringProblem
from feedback.engine.cluster.prune import prune
from feedback.engine.cluster.reciprocal import Reciprocal
from feedback.engine.data.corpus import Floats, Ints
from feedback.engine.data.rows import BLOCK
from feedback.engine.neighbours.cells import cells
from feedback.engine.neighbours.directions import principal_directions
from feedback.engine.neighbours.nearest import CELL, EXACT_UP_TO, near_neighbours, neighbours

#: Up to this many bundles one full matrix is clustered; beyond it, the neighbour graph.
DENSE_UP_TO = 1_200
#: A board has one level up to this many bundles; beyond it, one in each region of about `REGION`.
ONE_LEVEL_UP_TO = 3_000
REGION = 2_000
#: Beyond this many, some regions of it stand for the others.
ALL_REGIONS_UP_TO = 6_000
REGIONS = 9
LARGE_REGION = 2_500
#: So many posts that have other views than the rest, as those in another language have, get regions of their own.
LEAST_OF_VIEWS = 500
#: Dimensions that vectors are brought down to: this many times the root of their number, and at most so many. The
#: directions that are left out hold what one post alone says.
COMPACT_GROWTH = 4.0
COMPACT = 256
#: Posts that say which directions these are.
COMPACT_SAMPLE = 8_000


def cluster(
    problem: ClusteringProblem, *, level: float | None, anchor: float
) -> tuple[Ints, Levels]:
    """Return a label per bundle and the levels at which the tree was cut.

    Bundles of one origin are nearer by ``anchor``, of two origins farther by it. ``level`` None: found, one for each
    part of the board.
    """
    m = len(problem)
    if m < 2:
        return np.zeros(m, dtype=np.int64), _given(problem, USUAL if level is None else level)
    grow = _growth(problem)
    anchored = bool(anchor) and bool((problem.origins >= 0).any())
    if level is not None:
        forest, levels = grow.forest(anchor if anchored else 0.0), _given(problem, level)
    else:
        # Found without the anchor, which lifts what is known above what is new.
        forest, levels = _plain_and_levels(grow)
        if anchored:
            forest = grow.forest(anchor)
    found = forest.relative_to(levels.fineness, problem.sizes).at(levels.level)
    return prune(found, problem), levels


def _given(problem: ClusteringProblem, level: float) -> Levels:
    fineness = problem.fineness
    return Levels.uniform(level, len(problem)) if fineness is None else Levels(level, fineness)


def _plain_and_levels(grow: "_Dense | _Sparse") -> tuple[Forest, Levels]:
    """Return the forest without anchor, and the levels at which to cut it."""
    m = len(grow.problem)
    if isinstance(grow, _Dense) or m <= ONE_LEVEL_UP_TO:
        plain = grow.forest(0.0)
        return plain, Levels.uniform(find_level(grow.problem, plain), m)
    # Regions have forests of their own: both at once, on two cores. Each takes its sums in its own order, so the
    # result is that of one after the other.
    with ThreadPoolExecutor(1) as pool:
        growing = pool.submit(grow.forest, 0.0)
        levels = grow.levels()
        return growing.result(), levels


def forests(
    problem: ClusteringProblem, *, level: float | None, anchor: float
) -> tuple[Forest, Forest, Levels]:
    """Return the forest of ``problem`` without ``anchor`` and with it, and the levels (found, unless given).

    Heights are relative to how fine each part is cut, so that one level cuts all.
    """
    if len(problem) < 2:
        alone = Forest(len(problem), np.zeros((0, 2), dtype=np.int64), np.zeros(0))
        return alone, alone, _given(problem, USUAL if level is None else level)
    grow = _growth(problem)
    if level is None:
        plain, levels = _plain_and_levels(grow)
    else:
        plain, levels = grow.forest(0.0), _given(problem, level)
    anchored = bool(anchor) and bool((problem.origins >= 0).any())
    here = plain.relative_to(levels.fineness, problem.sizes)
    if not anchored:
        return here, here, levels
    held = grow.forest(anchor).relative_to(levels.fineness, problem.sizes)
    return here, held, levels


def _growth(problem: ClusteringProblem) -> "_Dense | _Sparse":
    """Return how ``problem`` becomes a forest: by all pairs, or by a neighbour graph."""
    if len(problem) <= DENSE_UP_TO:
        vectors = compact(problem, width_of(len(problem)))
        return _Dense(problem, vectors, affinity(vectors @ vectors.T))
    return _Sparse.of(problem)


def width_of(m: int) -> int:
    """Return the number of directions that ``m`` posts are compared along."""
    return min(COMPACT, math.ceil(COMPACT_GROWTH * math.sqrt(m)))


@dataclass(frozen=True)
class _Dense:
    """All pairs of a small board."""

    problem: ClusteringProblem
    vectors: Floats
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


@dataclass(frozen=True)
class _Sparse:
    """The neighbour graph of a large board's compact vectors."""

    problem: ClusteringProblem
    vectors: Floats
    near: tuple[Ints, Floats]
    cells: tuple[Ints, Floats] | None

    @classmethod
    def of(cls, problem: ClusteringProblem) -> "_Sparse":
        vectors = compact(problem, width_of(len(problem)))
        if len(problem) <= EXACT_UP_TO:
            return cls(problem, vectors, neighbours(vectors, FUZZY_NEIGHBOURS), None)
        found = cells(vectors, CELL)
        near = near_neighbours(vectors, FUZZY_NEIGHBOURS, *found)
        return cls(problem, vectors, near, found)

    def forest(self, anchor: float) -> Forest:
        return sparse_forest(self.vectors, self.near, self.problem, anchor)

    def levels(self) -> Levels:
        """Return the levels of the board's regions, spread over its rows."""
        parts: list[Ints] = []
        home = np.empty(len(self.problem), dtype=np.int64)
        for rows in self.problem.by_views(LEAST_OF_VIEWS):
            inside, own = self._regions_of(rows)
            home[rows] = len(parts) + own
            parts += inside
        found = []
        for rows in parts:
            part, vectors = self.problem.take(rows), self.vectors[rows]
            found.append(find_level(part, _plain_forest(vectors, part)))
        return spread_levels(found, [len(rows) for rows in parts], home, self.near[0])

    def _regions_of(self, rows: Ints) -> tuple[list[Ints], Ints]:
        """Return the regions among ``rows``, and for each of these the number of the one it is in or nearest to."""
        vectors = self.vectors[rows]
        if len(rows) <= ALL_REGIONS_UP_TO:
            home = np.unique(cells(vectors, REGION)[0], return_inverse=True)[1]
            return [rows[home == number] for number in range(int(home.max()) + 1)], home
        whole = self.cells if len(rows) == len(self.vectors) else None
        inside = regions(*(whole or cells(vectors, CELL)))
        middles = np.stack([vectors[part].mean(axis=0) for part in inside])
        return [rows[part] for part in inside], nearest_region(vectors, middles)


def find_level(problem: ClusteringProblem, forest: Forest) -> float:
    """Return the level at which the views of ``problem`` agree most on how to cut ``forest``."""
    if len(problem) < 4:
        return USUAL
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


def _plain_forest(vectors: Floats, problem: ClusteringProblem | None = None) -> Forest:
    """Return the forest of ``vectors`` (m, d), by all pairs of a few, by neighbours of many."""
    if len(vectors) > DENSE_UP_TO:
        return sparse_forest(vectors, neighbours(vectors, FUZZY_NEIGHBOURS), problem)
    if problem is None:
        return average_linkage(affinity(vectors @ vectors.T))
    return average_linkage(
        affinity(vectors @ vectors.T), problem.sizes, colours=problem.colours, apart=problem.apart
    )


def _view_forest(units: Floats) -> Forest:
    """Return the forest that one view (m, d) alone would make."""
    if len(units) <= DENSE_UP_TO:
        units = turned(units, principal_directions(units, width_of(len(units))))
    return _plain_forest(units)


def regions(home: Ints, centres: Floats) -> list[Ints]:
    """Return the rows of `REGIONS` parts of a large board, each about `LARGE_REGION` rows around an evenly spread cell.

    Neighbouring cells are taken whole: a region is as dense as the board, and has no gaps that would make any
    two views agree on its islands.
    """
    sizes = np.bincount(home, minlength=len(centres))
    found = []
    for seed in np.linspace(0, len(centres) - 1, REGIONS + 2).astype(np.int64)[1:-1]:
        order = np.argsort(-(centres @ centres[seed]), kind="stable")
        count = int(np.searchsorted(np.cumsum(sizes[order]), LARGE_REGION)) + 1
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
        out[rows] = turned(sample[rows] if len(sample) == m else problem.joined(rows), turn)
    return out


def turned(rows: Floats, turn: Floats) -> Floats:
    """Return the coordinates (n, w) of ``rows`` (n, d) along the directions ``turn`` (d, w); each row keeps its length."""
    part = rows @ turn
    square = np.einsum("ij,ij->i", part, part)
    length = np.sqrt(np.einsum("ij,ij->i", rows, rows) / np.maximum(square, 1e-18))
    found: Floats = part * length[:, None]
    return found
