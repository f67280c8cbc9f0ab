"""Nearest neighbours by cosine similarity: exact, and approximate for large boards."""

import numpy as np

from feedback.engine.data.corpus import Floats, Ints

#: Above this many rows neighbours are sought in nearby cells only.
EXACT_UP_TO = 12_000
#: Rows in a cell, and cells that are searched for each row.
CELL = 200
PROBES = 16
#: Columns in a pack when the greatest of a row are sought.
_PACK = 16
#: Similarities in a block: about 4 MB, which the processor's cache holds.
_BLOCK = 1_000_000


def neighbours(vectors: Floats, k: int, queries: Floats | None = None) -> tuple[Ints, Floats]:
    """Return the ``k`` most similar rows of ``vectors`` for every query, best first: (ids, similarities).

    Exact, in blocks that keep the working set near 4 MB. Without ``queries`` every row asks for its
    neighbours and does not find itself. Equal similarities are ordered by row, so the answer never depends on
    the block size. Rows that do not exist (k >= n) are -1 with similarity -1.
    """
    n = len(vectors)
    asks = vectors if queries is None else queries
    found = np.full((len(asks), k), -1, dtype=np.int64)
    values = np.full((len(asks), k), -1.0, dtype=np.float32)
    most = min(k, n - 1 if queries is None else n)
    if most <= 0 or not len(asks):
        return found, values
    block = max(64, _BLOCK // max(n, 1))
    for start in range(0, len(asks), block):
        similarity = asks[start : start + block] @ vectors.T
        if queries is None:
            rows = np.arange(len(similarity))
            similarity[rows, rows + start] = -np.inf
        top, best = best_columns(similarity, most)
        found[start : start + block, :most] = top
        values[start : start + block, :most] = best
    return found, values


def nearest_columns(similarity: Floats, k: int) -> tuple[Ints, Floats]:
    """Return the ``k`` nearest columns of every row of a square matrix, itself left out, best first."""
    near = np.empty((len(similarity), k), dtype=np.int64)
    values = np.empty((len(similarity), k), dtype=np.float32)
    for start in range(0, len(similarity), 1024):
        block = similarity[start : start + 1024].copy()
        rows = np.arange(len(block))
        block[rows, rows + start] = -np.inf
        near[start : start + 1024], values[start : start + 1024] = best_columns(block, k)
    return near, values


def best_columns(similarity: Floats, k: int) -> tuple[Ints, Floats]:
    """Return the ``k`` greatest columns of every row and their values, best first; equals by column."""
    top = _greatest(similarity, k)
    top.sort(axis=1)
    best = np.take_along_axis(similarity, top, axis=1)
    order = np.argsort(-best, axis=1, kind="stable")
    return np.take_along_axis(top, order, axis=1), np.take_along_axis(best, order, axis=1)


def _greatest(similarity: Floats, k: int) -> Ints:
    """Return the ``k`` greatest columns of every row, in no order.

    Columns are dealt into packs first: the k greatest lie in the k packs with the greatest maxima, so that only
    these are searched.
    """
    rows, n = similarity.shape
    packs = n // _PACK
    if packs <= 2 * k:
        return np.argpartition(similarity, n - k, axis=1)[:, -k:]
    whole = packs * _PACK
    maxima = similarity[:, :whole].reshape(rows, _PACK, packs).max(axis=1)
    chosen = np.argpartition(maxima, packs - k, axis=1)[:, -k:]
    columns = (chosen[:, None, :] + packs * np.arange(_PACK)[None, :, None]).reshape(rows, -1)
    left_over = np.broadcast_to(np.arange(whole, n), (rows, n - whole))
    columns = np.concatenate([columns, left_over], axis=1)
    among = np.take_along_axis(similarity, columns, axis=1)
    top = np.argpartition(among, among.shape[1] - k, axis=1)[:, -k:]
    return np.take_along_axis(columns, top, axis=1)


def near_neighbours(vectors: Floats, k: int, home: Ints, centres: Floats) -> tuple[Ints, Floats]:
    """Return about the ``k`` nearest rows of every row, best first, found in the cells nearest to its own.

    ``home`` (n,) and ``centres`` come from `cells` of `CELL` rows. The cost grows with n times `CELL` times `PROBES`.
    """
    n = len(vectors)
    count = len(centres)
    by_cell = np.argsort(home, kind="stable")
    ends = np.cumsum(np.bincount(home, minlength=count))
    starts = ends - np.bincount(home, minlength=count)
    probes = min(PROBES, count)
    around = np.argsort(-(centres @ centres.T), axis=1, kind="stable")[:, :probes]
    found = np.empty((n, k), dtype=np.int64)
    values = np.full((n, k), -1.0, dtype=np.float32)
    for cell in range(count):
        rows = by_cell[starts[cell] : ends[cell]]
        if not len(rows):
            continue
        pool = np.concatenate([by_cell[starts[c] : ends[c]] for c in around[cell]])
        pool.sort()
        if len(pool) <= k:
            # A lonely corner of the board: look everywhere.
            pool = np.arange(n)
        candidates = vectors[pool]
        step = max(64, _BLOCK // len(pool))
        for start in range(0, len(rows), step):
            part = rows[start : start + step]
            similarity = vectors[part] @ candidates.T
            similarity[np.arange(len(part)), np.searchsorted(pool, part)] = -np.inf
            top, best = best_columns(similarity, k)
            found[part] = pool[top]
            values[part] = best
    return found, values
