"""Row vectors of a board, kept small: float32, or float16 on a large board, read as float32 a block at a time.

Half the digits are enough where two cosines are compared (they err by a few ten-thousandths), and a hundred thousand
vectors of a thousand numbers then take a quarter of a gigabyte instead of half a one.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

Rows = npt.NDArray[np.floating[Any]]

#: From so many rows on they are kept as float16.
LARGE_FROM = 20_000
#: Rows that are worked on at a time, so that what is in work stays near the processor.
BLOCK = 2_048


def storage(n: int) -> type[np.floating[Any]]:
    """Return the type in which ``n`` rows are kept."""
    return np.float16 if n >= LARGE_FROM else np.float32


def read(rows: Rows, at: Ints | slice | int) -> Floats:
    """Return the rows ``at`` (numbers, a slice or one number) as float32; of a slice it may be a view."""
    return rows[at].astype(np.float32, copy=False)


def sums_of_spans(rows: Floats, starts: Ints) -> Floats:
    """Return the sums (s, d) of the spans ``rows[starts[i] : starts[i + 1]]``; of an empty one zeros."""
    sums = np.zeros((len(starts) - 1, rows.shape[1]), dtype=np.float32)
    ends = starts.tolist()
    # Span by span: `np.add.reduceat` takes ten times as long on rows of hundreds of numbers.
    for at in np.flatnonzero(np.diff(starts)).tolist():
        np.add.reduce(rows[ends[at] : ends[at + 1]], axis=0, out=sums[at])
    return sums
