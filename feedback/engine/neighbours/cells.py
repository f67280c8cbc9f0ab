"""Cells of rows that lie together, found by k-means: neighbours are sought in the nearest cells alone."""

import numpy as np

from feedback.engine.data.corpus import Floats, Ints
from feedback.engine.data.rows import sums_of_spans

#: Up to so many cells every row is compared with all their centres; beyond, in regions of about so many cells.
FLAT_UP_TO = 256
REGION = 24
_REGIONS_AROUND = 8
_ROUNDS = 6
#: Rows for each cell that the centres are found from.
_SAMPLED = 40
#: Similarities in a block: about 4 MB, which the processor's cache holds.
_BLOCK = 1_000_000


def cells(vectors: Floats, size: int) -> tuple[Ints, Floats]:
    """Return the cell (n,) of every row, of about ``size`` rows each, and the cells' centres (c, d).

    Spherical k-means (Dhillon and Modha 2001) from evenly spread rows, a few rounds on a sample: what is sought in a
    cell lies near its direction, and no row has to be in the very nearest.
    """
    n = len(vectors)
    count = max(1, n // size)
    sample = vectors[np.linspace(0, n - 1, min(n, count * _SAMPLED)).astype(np.int64)]
    centres = sample[np.linspace(0, len(sample) - 1, count).astype(np.int64)].copy()
    for _ in range(_ROUNDS):
        home = _nearest_centre(sample, centres)
        order = np.argsort(home, kind="stable")
        counts = np.bincount(home, minlength=count)
        filled = counts > 0
        ends = np.concatenate([[0], np.cumsum(counts)])
        sums = sums_of_spans(sample[order], ends)[filled]
        centres[filled] = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return _nearest_centre(vectors, centres), centres


def _nearest_centre(vectors: Floats, centres: Floats) -> Ints:
    """Return the centre (n,) that each row is nearest to; of very many centres, nearly always."""
    if len(centres) > FLAT_UP_TO:
        return _nearest_in_regions(vectors, centres)
    home = np.empty(len(vectors), dtype=np.int64)
    block = max(64, _BLOCK // len(centres))
    for start in range(0, len(vectors), block):
        home[start : start + block] = (vectors[start : start + block] @ centres.T).argmax(axis=1)
    return home


def _nearest_in_regions(vectors: Floats, centres: Floats) -> Ints:
    """Return the centre (n,) that each row is nearest to, of those in the regions nearest to the row.

    The number of cells grows with the board, so comparing every row with every centre would grow with its square.
    """
    region_of, middles = cells(centres, REGION)
    order = np.argsort(region_of, kind="stable")
    ends = np.concatenate([[0], np.cumsum(np.bincount(region_of, minlength=len(middles)))])
    around = np.argsort(-(middles @ middles.T), axis=1, kind="stable")[:, :_REGIONS_AROUND]
    mine = _nearest_centre(vectors, middles)
    by_region = np.argsort(mine, kind="stable")
    bounds = np.concatenate([[0], np.cumsum(np.bincount(mine, minlength=len(middles)))])
    home = np.empty(len(vectors), dtype=np.int64)
    for region in np.flatnonzero(np.diff(bounds)).tolist():
        rows = by_region[bounds[region] : bounds[region + 1]]
        pool = np.sort(np.concatenate([order[ends[r] : ends[r + 1]] for r in around[region]]))
        candidates = centres[pool]
        step = max(64, _BLOCK // len(pool))
        for start in range(0, len(rows), step):
            part = rows[start : start + step]
            home[part] = pool[(vectors[part] @ candidates.T).argmax(axis=1)]
    return home
