"""The nearest posts of every post: in its group, or, for one alone, on the board.

They are computed for some hundred posts of a group at once, when one of them is asked for: most posts never are. On a
large board posts are compared by their coordinates along its principal directions first, the likeliest then exactly.
"""

import numpy as np

from feedback.engine.data.corpus import Floats, Ints
from feedback.engine.data.rows import BLOCK, LARGE_FROM, Rows, read
from feedback.engine.neighbours.cells import cells
from feedback.engine.neighbours.directions import coordinates, directions_of
from feedback.engine.neighbours.nearest import CELL, EXACT_UP_TO, best_columns, near_neighbours

#: Posts whose neighbours are sought together, and how many of these are compared exactly on a large board.
_TOGETHER = 512
_LIKELY = 12
#: Directions along which they are compared before that.
_WIDTH = 128
_NOBODY = -1


class NeighboursInGroup:
    """Finds the ``count`` nearest rows of ``vectors`` (n, d): best first, equals by row.

    ``alone`` are the rows that have no group; they are compared with all others.
    """

    def __init__(self, vectors: Rows, alone: Ints, count: int) -> None:
        self._vectors = vectors
        self._alone = np.sort(alone)
        self._count = count
        n = len(vectors)
        self._found = np.full((n, count), _NOBODY, dtype=np.int32)
        self._values = np.zeros((n, count), dtype=np.float32)
        self._known = np.zeros(n, dtype=bool)
        self._points: Floats | None = None

    def of(self, row: int, group: Ints) -> list[tuple[int, float]]:
        """Return the nearest of ``row`` in ``group`` (ascending, itself included), with their similarity."""
        if not self._known[row]:
            self._work_out(row, group)
        found, values = self._found[row], self._values[row]
        there = found != _NOBODY
        return list(zip(found[there].tolist(), values[there].tolist(), strict=True))

    def _work_out(self, row: int, group: Ints) -> None:
        if len(group) > 1:
            asked, among = group, group
        else:
            asked, among = self._alone, np.arange(len(self._vectors))
        large = len(self._vectors) >= LARGE_FROM
        if large and len(among) > EXACT_UP_TO:
            points = self._compact()[among]
            near, _ = near_neighbours(points, _LIKELY, *cells(points, CELL))
            places = np.searchsorted(among, asked)
            self._keep(asked, among[near[places]])
            return
        at = int(np.searchsorted(asked, row)) // _TOGETHER * _TOGETHER
        asked = asked[at : at + _TOGETHER]
        if not large:
            self._keep_exact(asked, among)
            return
        points = self._compact()
        similarity = points[asked] @ points[among].T
        similarity[np.arange(len(asked)), np.searchsorted(among, asked)] = -np.inf
        near, _ = best_columns(similarity, min(_LIKELY, len(among) - 1))
        self._keep(asked, among[near])

    def _keep_exact(self, asked: Ints, among: Ints) -> None:
        """Compare ``asked`` with all of ``among``."""
        similarity = np.empty((len(asked), len(among)), dtype=np.float32)
        asking = read(self._vectors, asked)
        for start in range(0, len(among), BLOCK):
            part = read(self._vectors, among[start : start + BLOCK])
            similarity[:, start : start + BLOCK] = asking @ part.T
        similarity[np.arange(len(asked)), np.searchsorted(among, asked)] = -np.inf
        count = min(self._count, len(among) - 1)
        if count > 0:
            near, values = best_columns(similarity, count)
            self._found[asked, :count], self._values[asked, :count] = among[near], values
        self._known[asked] = True

    def _keep(self, asked: Ints, likely: Ints) -> None:
        """Compare each of ``asked`` (a,) with its ``likely`` rows (a, l)."""
        count = min(self._count, likely.shape[1])
        for start in range(0, len(asked), _TOGETHER):
            rows = asked[start : start + _TOGETHER]
            near = np.sort(likely[start : start + _TOGETHER], axis=1)
            others = read(self._vectors, near.ravel()).reshape(*near.shape, -1)
            similarity = np.einsum("id,ijd->ij", read(self._vectors, rows), others)
            top, values = best_columns(similarity, count)
            self._found[rows, :count] = np.take_along_axis(near, top, axis=1)
            self._values[rows, :count] = values
            self._known[rows] = True

    def _compact(self) -> Floats:
        """Return the coordinates (n, p) of all rows along the board's main directions."""
        if self._points is None:
            self._points = coordinates(self._vectors, directions_of(self._vectors, _WIDTH))
        return self._points
