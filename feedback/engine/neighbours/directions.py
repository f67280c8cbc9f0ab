"""Principal directions: those in which rows differ most, so that a few coordinates along them nearly tell a row."""

import numpy as np

from feedback.engine.data.corpus import Floats
from feedback.engine.data.rows import BLOCK, Rows, read

#: Rows from which the directions are found, unless the caller chooses them.
_SAMPLE = 6_000
#: Rounds of the iteration, and directions that are carried along and dropped at the end.
_ROUNDS = 3
_SPARE = 32


def principal_directions(rows: Floats, width: int) -> Floats:
    """Return (d, width) orthonormal directions in which ``rows`` (n, d) differ most, most first; all d where d is less.

    Block power iteration (Halko, Martinsson and Tropp 2011) from a fixed start: the same rows give the same directions.
    """
    n, d = rows.shape
    if d <= width:
        return np.eye(d, dtype=np.float32)
    start = np.random.default_rng(0).standard_normal((d, min(d, width + _SPARE)))
    basis = start.astype(np.float32)
    if n <= basis.shape[1]:
        # So few rows lie in fewer directions than are carried along: the first round finds them all.
        basis = np.linalg.qr(rows.T @ (rows @ basis))[0]
        seen = rows @ basis
        seen = seen.T @ seen
    else:
        spread = rows.T @ rows
        for _ in range(_ROUNDS):
            basis = np.linalg.qr(spread @ basis)[0]
        seen = basis.T @ spread @ basis
    turned: Floats = basis @ np.linalg.eigh(seen)[1][:, : -width - 1 : -1]
    return turned


def directions_of(rows: Rows, width: int) -> Floats:
    """Return `principal_directions` of evenly spread ``rows`` (n, d), stored in any precision."""
    sample = np.linspace(0, len(rows) - 1, min(len(rows), _SAMPLE)).astype(np.int64)
    return principal_directions(read(rows, sample), width)


def coordinates(rows: Rows, basis: Floats) -> Floats:
    """Return (n, p), the coordinates of ``rows`` (n, d) along ``basis`` (d, p)."""
    points = np.empty((len(rows), basis.shape[1]), dtype=np.float32)
    for start in range(0, len(rows), BLOCK):
        points[start : start + BLOCK] = read(rows, slice(start, start + BLOCK)) @ basis
    return points
