"""The rows that are probably nearest to a query, without reading all of them.

A hundred thousand vectors of a thousand numbers are half a gigabyte, and a product with all of them takes as long as
reading them from memory. So every row is also kept as `WIDTH` coordinates along its principal directions, sorted into
small cells of rows that lie together. A query reads the cells whose centres are nearest to it, an eighth of the rows
with a tenth of the numbers each: a hundredth of the reading. The caller compares the few hundred rows it gets exactly.
`docs/adr/0018` has the figures beside faiss and usearch.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from feedback.engine.data.corpus import Floats, Ints
from feedback.engine.data.rows import Rows, read
from feedback.engine.neighbours.cells import cells
from feedback.engine.neighbours.directions import coordinates, directions_of

#: Numbers that stand for a row, rows in a cell, and the share of all rows that a query looks at.
WIDTH = 128
CELL = 100
SHARE = 0.12
#: Up to so many rows are all looked at.
SMALL = 6_000
#: Rows that changed since the cells were made, as a share of all, after which they are made anew.
_WORN = 0.125
_WORN_FROM = 2_000


def exact(rows: Rows, at: Ints, query: Floats) -> Floats:
    """Return the dot products of ``query`` (d,) with the rows numbered ``at``, (len(at),)."""
    scores: Floats = read(rows, at) @ query
    return scores


class CompactIndex:
    """Rows known by number, in `WIDTH` numbers each. Rows may be appended while another thread asks, but not replaced or dropped.

    ``basis`` (d, p); ``points`` (n, p) are the rows' coordinates sorted by cell, ``row_of`` (n,) their numbers (-1:
    gone), ``starts`` (c + 1,) where each cell begins, ``centres`` (c, p). All may be memory-mapped from a file as
    long as rows are only added.
    """

    def __init__(
        self, basis: Floats, points: Floats, row_of: Ints, starts: Ints, centres: Floats
    ) -> None:
        self.basis, self.points, self.row_of = basis, points, row_of
        self.starts, self.centres = starts, centres
        self._late = np.empty((256, basis.shape[1]), dtype=np.float32)
        self._late_row = np.empty(256, dtype=np.int64)
        self._late_count = 0
        self._dead = 0
        self._slot_of: Ints | None = None
        self._in_cells = True

    @classmethod
    def build(
        cls, rows: Rows, basis: Floats | None = None, *, in_cells: bool = True
    ) -> "CompactIndex":
        """Index ``rows`` (n, d) by their position, along ``basis`` or the directions in which they differ most.

        Without cells every query looks at all of them, and misses nearly none.
        """
        basis = directions_of(rows, WIDTH) if basis is None else basis
        numbers = np.arange(len(rows), dtype=np.int64)
        return cls._of_points(basis, coordinates(rows, basis), numbers, in_cells=in_cells)

    @classmethod
    def _of_points(
        cls, basis: Floats, points: Floats, row_of: Ints, *, in_cells: bool
    ) -> "CompactIndex":
        if not in_cells or len(points) <= SMALL:
            none = np.zeros((0, basis.shape[1]), dtype=np.float32)
            starts = np.array([0, len(points)], dtype=np.int64)
            found = cls(basis, points, row_of, starts, none)
            found._in_cells = in_cells
            return found
        home, centres = cells(points, CELL)
        order = np.argsort(home, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(home, minlength=len(centres)))])
        return cls(basis, points[order], row_of[order], starts.astype(np.int64), centres)

    def __len__(self) -> int:
        return len(self.points) + self._late_count - self._dead

    @property
    def is_worn(self) -> bool:
        """Whether so much was changed that `renewed` would answer faster."""
        return self._late_count + self._dead > max(_WORN_FROM, _WORN * len(self.points))

    def renewed(self) -> "CompactIndex":
        """Return the same rows in new cells."""
        kept = self.row_of >= 0
        late = self._late_row[: self._late_count] >= 0
        return self._of_points(
            self.basis,
            np.concatenate([self.points[kept], self._late[: self._late_count][late]]),
            np.concatenate([self.row_of[kept], self._late_row[: self._late_count][late]]),
            in_cells=self._in_cells,
        )

    def put(self, row: int, vector: Floats) -> None:
        """Add row number ``row``, or replace it when it is there. ``vector`` has shape (d,)."""
        self.drop(row)
        self.append(row, vector)

    def append(self, row: int, vector: Floats) -> None:
        """Add row number ``row``, which is new."""
        at = self._late_count
        if at == len(self._late):
            self._late = np.concatenate([self._late, np.empty_like(self._late)])
            self._late_row = np.concatenate([self._late_row, np.empty_like(self._late_row)])
        self._late[at] = vector @ self.basis
        self._late_row[at] = row
        self._late_count = at + 1
        if self._slot_of is not None:
            self._slots(row)[row] = len(self.points) + at

    def drop(self, row: int) -> None:
        """Forget row number ``row``, if it is there."""
        slots = self._slots(row)
        slot = int(slots[row])
        if slot < 0:
            return
        if slot < len(self.points):
            self.row_of[slot] = -1
        else:
            self._late_row[slot - len(self.points)] = -1
        slots[row] = -1
        self._dead += 1

    def _slots(self, row: int) -> Ints:
        """Return where each row stands, with room for ``row``."""
        if self._slot_of is None:
            late = self._late_row[: self._late_count]
            highest = max(self.row_of.max(initial=-1), late.max(initial=-1))
            self._slot_of = np.full(int(highest) + 1, -1, dtype=np.int64)
            numbers = np.concatenate([self.row_of, late])
            there = np.flatnonzero(numbers >= 0)
            self._slot_of[numbers[there]] = there
        if row >= len(self._slot_of):
            room = np.full(row + 1 + len(self._slot_of) // 8 + 256, -1, dtype=np.int64)
            room[: len(self._slot_of)] = self._slot_of
            self._slot_of = room
        return self._slot_of

    def scores_of(self, rows: Ints, query: Floats) -> Floats:
        """Return about the dot products of ``query`` (d,) with these rows, all of which are there."""
        slots = self._slots(int(rows.max(initial=0)))[rows]
        short = query @ self.basis
        late = slots >= len(self.points)
        scores = np.empty(len(rows), dtype=np.float32)
        scores[~late] = self.points[slots[~late]] @ short
        scores[late] = self._late[slots[late] - len(self.points)] @ short
        return scores

    def candidates(self, query: Floats, count: int, *, share: float = SHARE) -> Ints:
        """Return the numbers of up to ``count`` rows that are likely nearest to ``query`` (d,), in no order."""
        # Read once: rows may be appended by another thread meanwhile.
        late_count, late, late_row = self._late_count, self._late, self._late_row
        short: Floats = query @ self.basis
        spans = list(self._spans(short, max(share * len(self.points), 8.0 * count)))
        size = sum(stop - start for start, stop in spans)
        scores = np.empty(size + late_count, dtype=np.float32)
        rows = np.empty(size + late_count, dtype=np.int64)
        at = 0
        for start, stop in spans:
            here = at + stop - start
            np.dot(self.points[start:stop], short, out=scores[at:here])
            rows[at:here] = self.row_of[start:stop]
            at = here
        if late_count:
            np.dot(late[:late_count], short, out=scores[at:])
            rows[at:] = late_row[:late_count]
        if self._dead:
            scores[rows < 0] = -np.inf
        if count < len(scores):
            rows = rows[np.argpartition(scores, len(scores) - count)[-count:]]
        return rows[rows >= 0]

    def _spans(self, short: Floats, wanted: float) -> Iterator[tuple[int, int]]:
        """Yield (start, stop) of the cells nearest to ``short`` (p,) that hold ``wanted`` rows together."""
        if not len(self.centres):
            if len(self.points):
                yield 0, len(self.points)
            return
        found = 0
        for cell in np.argsort(-(self.centres @ short), kind="stable").tolist():
            start, stop = int(self.starts[cell]), int(self.starts[cell + 1])
            if start < stop:
                yield start, stop
            found += stop - start
            if found >= wanted:
                return


def best(scores: Floats, rows: Sequence[int] | Ints, count: int) -> list[tuple[int, float]]:
    """Return up to ``count`` (row, score) pairs, best first; equal scores in the order of their rows."""
    numbers = np.asarray(rows)
    order = np.lexsort((numbers, -scores))[:count]
    return [(int(numbers[at]), float(scores[at])) for at in order]
