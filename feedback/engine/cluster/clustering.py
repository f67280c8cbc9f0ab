"""From bundles to labels: likeness, level, linkage."""

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
from feedback.engine.cluster.cut_selection import USUAL, Level, best_level
from feedback.engine.cluster.linkage import Forest, average_linkage
from feedback.engine.cluster.problem import Board
from feedback.engine.cluster.prune import without_loose
from feedback.engine.cluster.reciprocal import Reciprocal
from feedback.engine.data.corpus import Floats, Ints
from feedback.engine.data.rows import BLOCK
from feedback.engine.neighbours.nearest import EXACT_UP_TO, cells, near_neighbours, neighbours

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


def cluster(board: Board, *, level: float | None, anchor: float) -> tuple[Ints, float]:
    """Return a label per bundle and the level, in affinity, at which the tree was cut.

    Bundles of one origin are nearer by ``anchor``, of two origins farther by it. ``level`` None: found.
    """
    m = len(board)
    if m < 2:
        return np.zeros(m, dtype=np.int64), level if level is not None else USUAL
    grow = _growth(board)
    anchored = bool(anchor) and bool((board.origins >= 0).any())
    if level is None:
        # Found without the anchor, which lifts what is known above what is new.
        plain, level = _plain_and_level(grow, m)
        if not anchored:
            return without_loose(plain.at(level), board), level
    found = grow.forest(anchor if anchored else 0.0).at(level)
    return without_loose(found, board), level


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


def forests(board: Board, *, level: float | None, anchor: float) -> tuple[Forest, Forest, float]:
    """Return the forest of ``board`` without ``anchor`` and with it, and the level (found, unless given)."""
    if len(board) < 2:
        alone = Forest(len(board), np.zeros((0, 2), dtype=np.int64), np.zeros(0))
        return alone, alone, level if level is not None else USUAL
    grow = _growth(board)
    plain = grow.forest(0.0)
    anchored = bool(anchor) and bool((board.origins >= 0).any())
    return (
        plain,
        grow.forest(anchor) if anchored else plain,
        grow.level(plain) if level is None else level,
    )


def _growth(board: Board) -> "_Growth":
    return _dense(board) if len(board) <= DENSE_UP_TO else _sparse(board)


class _Growth(Protocol):
    """A way from a board to its forest."""

    def forest(self, anchor: float) -> Forest: ...

    def level(self, plain: Forest | None) -> float: ...


@dataclass(frozen=True)
class _Dense:
    """All pairs of a small board."""

    board: Board
    likeness: Floats

    def forest(self, anchor: float) -> Forest:
        board, likeness = self.board, self.likeness.copy()
        known = np.flatnonzero(board.origins >= 0)
        if len(known) and anchor:
            same = board.origins[known, None] == board.origins[None, known]
            likeness[np.ix_(known, known)] += np.where(same, anchor, -anchor).astype(np.float32)
        return average_linkage(likeness, board.sizes, colours=board.colours, apart=board.apart)

    def level(self, plain: Forest | None) -> float:
        return find_level(self.board, plain or self.forest(0.0)).threshold


@dataclass(frozen=True)
class _Sparse:
    """The neighbour graph of a large board's compact vectors, and its cells."""

    board: Board
    vectors: Floats
    near: tuple[Ints, Floats]
    home: Ints
    centres: Floats

    def forest(self, anchor: float) -> Forest:
        return sparse_forest(self.vectors, self.near, self.board, anchor)

    def level(self, plain: Forest | None) -> float:
        if len(self.board) <= LEVEL_UP_TO:
            return find_level(self.board, plain or self.forest(0.0)).threshold
        found = []
        for rows in regions(self.home, self.centres):
            part, vectors = self.board.take(rows), self.vectors[rows]
            near = neighbours(vectors, FUZZY_NEIGHBOURS)
            found.append(find_level(part, sparse_forest(vectors, near, part)).threshold)
        return float(np.exp(np.mean(np.log(np.maximum(found, LEAST)))))


def _dense(board: Board) -> _Growth:
    return _Dense(board, affinity(board.similarity()))


def _sparse(board: Board) -> _Growth:
    vectors = compact(board, COMPACT)
    home, centres = cells(vectors)
    if len(board) <= EXACT_UP_TO:
        near = neighbours(vectors, FUZZY_NEIGHBOURS)
    else:
        near = near_neighbours(vectors, FUZZY_NEIGHBOURS, home, centres)
    return _Sparse(board, vectors, near, home, centres)


def find_level(board: Board, forest: Forest) -> Level:
    """Return the level of ``forest`` at which the views of ``board`` agree most."""
    if len(board) < 4:
        return Level(USUAL, len(board), 0.0)
    views, halves = board.independent_views()
    return best_level(
        forest,
        [_view_forest(units) for units in views],
        halves=halves,
        known=board.origins if (board.origins >= 0).any() else None,
    )


def sparse_forest(
    vectors: Floats, near: tuple[Ints, Floats], board: Board | None, anchor: float = 0.0
) -> Forest:
    """Return the forest over the graph of ``near`` neighbours of ``vectors``; without ``board``, of plain posts."""
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
        board.sizes if board else np.ones(m, dtype=np.int64),
        colours=board.colours if board else nobody,
        origins=board.origins if board else nobody,
        apart=board.apart if board else (),
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


def compact(board: Board, width: int) -> Floats:
    """Return vectors (m, width) whose dot product is nearly the fused similarity, in its principal directions.

    Rows keep their length. The directions come from block power iteration (Halko, Martinsson and Tropp 2011)
    with a fixed start, on evenly spread rows.
    """
    m = len(board)
    sample = board.joined(np.linspace(0, m - 1, min(m, COMPACT_SAMPLE)).astype(np.int64))
    d = sample.shape[1]
    if d <= width:
        return board.joined(np.arange(m))
    spread = sample.T @ sample
    basis = np.random.default_rng(0).standard_normal((d, min(d, width + 32))).astype(np.float32)
    for _ in range(3):
        basis = np.linalg.qr(spread @ basis)[0]
    turn = basis @ np.linalg.eigh(basis.T @ spread @ basis)[1][:, : -width - 1 : -1]
    out = np.empty((m, width), dtype=np.float32)
    for start in range(0, m, BLOCK):
        rows = np.arange(start, min(start + BLOCK, m))
        # A board that is its own sample has been read already.
        block = sample[rows] if len(sample) == m else board.joined(rows)
        part = block @ turn
        square = np.einsum("ij,ij->i", part, part)
        length = np.sqrt(np.einsum("ij,ij->i", block, block) / np.maximum(square, 1e-18))
        out[rows] = part * length[:, None]
    return out
