"""Average linkage that obeys: contracted posts, colours that must not mix, pairs that must not meet."""

from collections.abc import Iterable

import numpy as np

from .corpus import Floats, Ints


def average_linkage(
    similarity: Floats,
    sizes: Ints,
    threshold: float,
    *,
    colours: Ints | None = None,
    apart: Iterable[tuple[int, int]] = (),
) -> Ints:
    """Return a label per row of ``similarity`` (m, m), which is overwritten.

    Rows are posts, or posts contracted into one (``sizes`` says how many). Two groups join while the mean
    similarity over all their pairs is at least ``threshold``. Rows of different ``colours`` (>= 0) never
    share a group, nor do the pairs in ``apart``: their similarity is minus infinity, which an average keeps.

    The nearest-neighbour chain (Murtagh 1983) finds the same tree as always joining the closest pair, since
    an average never exceeds the greater of its parts; it needs O(m^2) time. A group whose best neighbour is
    below the threshold is finished: nothing that is joined later can be closer to it.
    """
    m = len(similarity)
    np.fill_diagonal(similarity, -np.inf)
    if colours is not None and (colours >= 0).any():
        coloured = np.flatnonzero(colours >= 0)
        clash = colours[coloured, None] != colours[None, coloured]
        similarity[np.ix_(coloured, coloured)] = np.where(
            clash, -np.inf, similarity[np.ix_(coloured, coloured)]
        )
    for a, b in apart:
        similarity[a, b] = similarity[b, a] = -np.inf
    weight = sizes.astype(np.float32)
    parent = np.arange(m)
    active = np.ones(m, dtype=bool)
    chain: list[int] = []
    cursor = 0
    while True:
        if not chain:
            while cursor < m and not active[cursor]:
                cursor += 1
            if cursor == m:
                break
            chain.append(cursor)
        here = chain[-1]
        row = similarity[here]
        best = int(row.argmax())
        if row[best] < threshold:
            active[here] = False
            similarity[here, :] = -np.inf
            similarity[:, here] = -np.inf
            chain.pop()
            continue
        if len(chain) > 1 and row[chain[-2]] >= row[best]:
            best = chain[-2]
            chain.pop()
            chain.pop()
            keep, gone = (here, best) if here < best else (best, here)
            total = weight[keep] + weight[gone]
            merged = similarity[keep] * (weight[keep] / total) + similarity[gone] * (
                weight[gone] / total
            )
            merged[keep] = merged[gone] = -np.inf
            similarity[keep, :] = merged
            similarity[:, keep] = merged
            similarity[gone, :] = -np.inf
            similarity[:, gone] = -np.inf
            weight[keep] = total
            active[gone] = False
            parent[gone] = keep
        else:
            chain.append(best)
    for row_number in range(m):
        root = row_number
        while parent[root] != root:
            root = parent[root]
        parent[row_number] = root
    return np.unique(parent, return_inverse=True)[1].astype(np.int64)
