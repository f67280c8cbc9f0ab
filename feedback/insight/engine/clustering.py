"""From bundles to labels: likeness, level, linkage."""

import numpy as np

from .affinity import FUZZY_NEIGHBOURS, FUZZY_SHARE, affinity, fuzzy_graph, smoothing_graph
from .board import Board
from .corpus import Floats, Ints
from .levels import USUAL, Level, best_level
from .linkage import Forest, average_linkage
from .neighbours import EXACT_UP_TO, cells, near_neighbours, neighbours
from .reciprocal import Reciprocal

#: Up to this many bundles one full matrix is clustered; beyond it, the neighbour graph of compact vectors.
DENSE_UP_TO = 1_200
#: Up to about this many bundles find the level of a board; a larger one is judged by whole cells of it.
LEVEL_UP_TO = 6_000
#: Dimensions that a large board's vectors are brought down to.
COMPACT = 256


def cluster(board: Board, *, level: float | None, anchor: float) -> tuple[Ints, float]:
    """Return a label per bundle and the level, in affinity, at which the tree was cut.

    Bundles of one origin are nearer by ``anchor``, of two origins farther by it. ``level`` None: found.
    """
    m = len(board)
    if m < 2:
        return np.zeros(m, dtype=np.int64), level if level is not None else 1.0
    if m <= DENSE_UP_TO:
        forest = dense_forest(board, anchor)
        used = find_level(board, forest).threshold if level is None else level
        return forest.at(used), used
    vectors = compact(board.joined(), COMPACT)
    if m <= EXACT_UP_TO:
        near = neighbours(vectors, FUZZY_NEIGHBOURS)
    else:
        home, centres = cells(vectors)
        near = near_neighbours(vectors, FUZZY_NEIGHBOURS, home, centres)
    forest = sparse_forest(vectors, near, board, anchor)
    if level is not None:
        return forest.at(level), level
    if m <= LEVEL_UP_TO:
        used = find_level(board, forest).threshold
    else:
        rows = _whole_cells(cells(vectors)[0] if m <= EXACT_UP_TO else home)
        part = board.take(rows)
        inside = vectors[rows]
        used = find_level(
            part, sparse_forest(inside, neighbours(inside, FUZZY_NEIGHBOURS), part, anchor)
        ).threshold
    return forest.at(used), used


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


def dense_forest(board: Board, anchor: float) -> Forest:
    """Return the forest of a full affinity matrix."""
    likeness = affinity(board.similarity())
    known = np.flatnonzero(board.origins >= 0)
    if len(known) and anchor:
        same = board.origins[known, None] == board.origins[None, known]
        likeness[np.ix_(known, known)] += np.where(same, anchor, -anchor).astype(np.float32)
    return average_linkage(likeness, board.sizes, colours=board.colours, apart=board.apart)


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


def _whole_cells(home: Ints) -> Ints:
    """Return the rows of evenly spread whole cells: a sample as dense as the board itself."""
    sizes = np.bincount(home)
    wanted = max(1, round(len(sizes) * LEVEL_UP_TO / len(home)))
    chosen = np.linspace(0, len(sizes) - 1, wanted).astype(np.int64)
    chosen = chosen[(np.cumsum(sizes[chosen]) <= 1.5 * LEVEL_UP_TO) | (np.arange(wanted) == 0)]
    return np.flatnonzero(np.isin(home, chosen))


def compact(vectors: Floats, width: int) -> Floats:
    """Return ``vectors`` (m, d) in their ``width`` principal directions, rows of the same length as before.

    The directions come from block power iteration (Halko, Martinsson and Tropp 2011) with a fixed start.
    """
    d = vectors.shape[1]
    if d <= width:
        return vectors
    sample = vectors[np.linspace(0, len(vectors) - 1, min(len(vectors), 20_000)).astype(np.int64)]
    spread = sample.T @ sample
    basis = np.random.default_rng(0).standard_normal((d, min(d, width + 32))).astype(np.float32)
    for _ in range(3):
        basis = np.linalg.qr(spread @ basis)[0]
    small = basis.T @ spread @ basis
    turn = np.linalg.eigh(small)[1][:, : -width - 1 : -1]
    out: Floats = vectors @ (basis @ turn)
    length = np.linalg.norm(vectors, axis=1) / np.maximum(np.linalg.norm(out, axis=1), 1e-9)
    out *= length[:, None]
    return out
