"""From vectors to labels."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from .corpus import Floats, Ints
from .linkage import average_linkage
from .neighbours import neighbours

#: Up to this many rows one full similarity matrix is clustered; beyond it, the pieces of the neighbour graph.
DENSE_UP_TO = 5_000
DEFAULT_THRESHOLD = 0.30
_NEIGHBOURS = 15


def cluster(
    means: Floats,
    sizes: Ints,
    *,
    threshold: float | None,
    colours: Ints,
    origins: Ints,
    apart: Sequence[tuple[int, int]],
    anchor: float,
) -> tuple[Ints, float]:
    """Return a label per row of ``means`` (m, d) and the threshold used.

    ``sizes`` counts the posts of each row, ``colours`` (>= 0) names the group a decision put it in, ``origins``
    (>= 0) the group it was in before: rows of one origin are nearer by ``anchor``, of two origins farther.
    """
    used = DEFAULT_THRESHOLD if threshold is None else threshold
    m = len(means)
    labels = np.full(m, -1, dtype=np.int64)
    next_label = 0
    for rows in _pieces(means, colours, used - anchor):
        similarity = means[rows] @ means[rows].T
        old = origins[rows]
        known = np.flatnonzero(old >= 0)
        if len(known) and anchor:
            same = old[known, None] == old[None, known]
            similarity[np.ix_(known, known)] += np.where(same, anchor, -anchor).astype(np.float32)
        place = {int(row): at for at, row in enumerate(rows)}
        inside = [(place[a], place[b]) for a, b in apart if a in place and b in place]
        found = average_linkage(similarity, sizes[rows], used, colours=colours[rows], apart=inside)
        labels[rows] = next_label + found
        next_label += int(found.max()) + 1 if len(found) else 0
    return labels, used


def _pieces(means: Floats, colours: Ints, threshold: float) -> list[Ints]:
    m = len(means)
    if m <= DENSE_UP_TO:
        return [np.arange(m)] if m else []
    near, similarity = neighbours(means, _NEIGHBOURS)
    rows = np.repeat(np.arange(m), near.shape[1])
    columns, values = near.ravel(), similarity.ravel()
    pieces: list[Ints] = []
    waiting = [(np.arange(m), threshold)]
    while waiting:
        part, level = waiting.pop()
        inside = np.zeros(m, dtype=bool)
        inside[part] = True
        edges = (values >= level) & inside[rows] & inside[columns]
        graph = coo_matrix((np.ones(edges.sum()), (rows[edges], columns[edges])), shape=(m, m))
        _, names = connected_components(graph, directed=False)
        order = part[np.argsort(names[part], kind="stable")]
        for piece in np.split(order, np.flatnonzero(np.diff(names[order])) + 1):
            if len(piece) <= DENSE_UP_TO:
                pieces.append(piece)
            else:
                waiting.append((piece, level + 0.02))
    return sorted(pieces, key=lambda piece: int(piece[0]))
