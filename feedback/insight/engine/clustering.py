"""From bundles to labels: likeness, level, linkage."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from .affinity import WORD_SHARE, affinity
from .corpus import Floats, Ints, View
from .levels import USUAL, Level, best_level
from .linkage import Forest, average_linkage
from .neighbours import neighbours

#: Up to this many bundles one full matrix is clustered; beyond it, the pieces of the neighbour graph.
DENSE_UP_TO = 4_000
#: Rows with which the level of a large board is found.
LEVEL_SAMPLE = 2_500
#: A view takes part in finding the level when this share of the posts has it.
VIEW_PRESENT = 0.9
_NEIGHBOURS = 15


@dataclass(frozen=True)
class Board:
    """m bundles to cluster.

    ``means`` (m, d) are mean vectors in `Space`, ``words`` (m, w) mean lexical vectors, ``sizes`` (m,) the posts
    in each; ``colours`` (m,) name the group a decision put a bundle in (-1: none); ``origins`` (m,) the group it was
    in before (-1: none); ``apart`` the pairs that must not share a group.
    """

    means: Floats
    words: Floats
    views: tuple[View, ...]
    sizes: Ints
    colours: Ints
    origins: Ints
    apart: Sequence[tuple[int, int]]

    def __len__(self) -> int:
        return len(self.means)

    def take(self, rows: Ints) -> "Board":
        """Return the bundles ``rows``, with the pairs among them."""
        place = {int(row): at for at, row in enumerate(rows)}
        return Board(
            self.means[rows],
            self.words[rows],
            self.views,
            self.sizes[rows],
            self.colours[rows],
            self.origins[rows],
            [(place[a], place[b]) for a, b in self.apart if a in place and b in place],
        )

    def similarity(self) -> Floats:
        """Return the fused cosine similarities (m, m): mean over the views two bundles share, and words."""
        meaning: Floats = self.means @ self.means.T
        meaning *= self._shared_views()
        meaning *= 1.0 - WORD_SHARE
        meaning += WORD_SHARE * (self.words @ self.words.T)
        return meaning

    def _present(self) -> np.ndarray:
        return np.stack(
            [np.any(self.means[:, start:stop], axis=1) for _, start, stop in self.views], axis=1
        )

    def _shared_views(self) -> Floats | float:
        """Return the factor that makes a dot product the mean over shared views, where posts lack some."""
        present = self._present().astype(np.float32)
        counts = present.sum(axis=1)
        if (counts == counts[0]).all() and (present == present[0]).all():
            return 1.0
        common = present @ present.T
        factor: Floats = np.sqrt(np.outer(counts, counts)) / np.maximum(common, 1.0)
        return factor.astype(np.float32)

    def view_similarities(self) -> tuple[list[Floats], bool]:
        """Return a similarity matrix per independent view, and whether these are halves of a single model."""
        enough = self._present().mean(axis=0) >= VIEW_PRESENT
        ranges = [
            (start, stop) for (_, start, stop), ok in zip(self.views, enough, strict=True) if ok
        ]
        halves = len(ranges) < 2
        if halves:
            parts = [self.means[:, 0::2], self.means[:, 1::2]]
        else:
            parts = [self.means[:, start:stop] for start, stop in ranges]
        units = [
            part / np.maximum(np.linalg.norm(part, axis=1, keepdims=True), 1e-9) for part in parts
        ]
        return [unit @ unit.T for unit in units], halves


def cluster(board: Board, *, level: float | None, anchor: float) -> tuple[Ints, float]:
    """Return a label per bundle and the level, in affinity, at which the tree was cut.

    Bundles of one origin are nearer by ``anchor``, of two origins farther by it. ``level`` None: found.
    """
    m = len(board)
    labels = np.zeros(m, dtype=np.int64)
    if m < 2:
        return labels, level if level is not None else 1.0
    if m <= DENSE_UP_TO:
        forest = _forest(board, anchor)
        used = find_level(board, forest).threshold if level is None else level
        return forest.at(used), used
    used = level
    if used is None:
        sample = board.take(np.linspace(0, m - 1, LEVEL_SAMPLE).astype(np.int64))
        used = find_level(sample, _forest(sample, anchor)).threshold
    next_label = 0
    for rows in _pieces(board.means, used - anchor):
        found = _forest(board.take(rows), anchor).at(used)
        labels[rows] = next_label + found
        next_label += int(found.max()) + 1
    return labels, used


def find_level(board: Board, forest: Forest) -> Level:
    """Return the level of ``forest`` at which the views of ``board`` agree most."""
    if len(board) < 4:
        return Level(USUAL, len(board), 0.0)
    similarities, halves = board.view_similarities()
    return best_level(
        forest,
        [average_linkage(affinity(similarity)) for similarity in similarities],
        halves=halves,
        known=board.origins if (board.origins >= 0).any() else None,
    )


def _forest(board: Board, anchor: float) -> Forest:
    likeness = affinity(board.similarity())
    known = np.flatnonzero(board.origins >= 0)
    if len(known) and anchor:
        same = board.origins[known, None] == board.origins[None, known]
        likeness[np.ix_(known, known)] += np.where(same, anchor, -anchor).astype(np.float32)
    return average_linkage(likeness, board.sizes, colours=board.colours, apart=board.apart)


def _pieces(means: Floats, level: float) -> list[Ints]:
    m = len(means)
    near, similarity = neighbours(means, _NEIGHBOURS)
    rows = np.repeat(np.arange(m), near.shape[1])
    columns, values = near.ravel(), similarity.ravel()
    pieces: list[Ints] = []
    waiting = [(np.arange(m), level)]
    while waiting:
        part, floor = waiting.pop()
        inside = np.zeros(m, dtype=bool)
        inside[part] = True
        edges = (values >= floor) & inside[rows] & inside[columns]
        graph = coo_matrix((np.ones(edges.sum()), (rows[edges], columns[edges])), shape=(m, m))
        _, names = connected_components(graph, directed=False)
        order = part[np.argsort(names[part], kind="stable")]
        for piece in np.split(order, np.flatnonzero(np.diff(names[order])) + 1):
            if len(piece) <= DENSE_UP_TO:
                pieces.append(piece)
            else:
                waiting.append((piece, floor + 0.02))
    return sorted(pieces, key=lambda piece: int(piece[0]))
