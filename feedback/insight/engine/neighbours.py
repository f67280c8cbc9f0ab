"""Nearest neighbours by cosine similarity."""

import numpy as np

from .corpus import Floats, Ints


def neighbours(vectors: Floats, k: int, queries: Floats | None = None) -> tuple[Ints, Floats]:
    """Return the ``k`` most similar rows of ``vectors`` for every query, best first: (ids, similarities).

    Exact, in blocks that keep the working set near 64 MB. Without ``queries`` every row asks for its
    neighbours and does not find itself. Equal similarities are ordered by row, so the answer never depends on
    the block size. Rows that do not exist (k >= n) are -1 with similarity -1.
    """
    n = len(vectors)
    asks = vectors if queries is None else queries
    found = np.full((len(asks), k), -1, dtype=np.int64)
    values = np.full((len(asks), k), -1.0, dtype=np.float32)
    reach = min(k, n - 1 if queries is None else n)
    if reach <= 0 or not len(asks):
        return found, values
    block = max(1, 16_000_000 // max(n, 1))
    for start in range(0, len(asks), block):
        similarity = asks[start : start + block] @ vectors.T
        if queries is None:
            rows = np.arange(len(similarity))
            similarity[rows, rows + start] = -np.inf
        top = np.argpartition(similarity, -reach, axis=1)[:, -reach:]
        top.sort(axis=1)
        best = np.take_along_axis(similarity, top, axis=1)
        order = np.argsort(-best, axis=1, kind="stable")
        found[start : start + block, :reach] = np.take_along_axis(top, order, axis=1)
        values[start : start + block, :reach] = np.take_along_axis(best, order, axis=1)
    return found, values
