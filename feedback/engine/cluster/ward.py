"""Ward's tree: join the two groups whose joining adds least variance (Ward 1963)."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from feedback.engine.cluster.linkage import nearest_neighbour_chain
from feedback.engine.data.corpus import Doubles, Ints


@dataclass(frozen=True)
class Tree:
    """All joins of ``m`` nodes, cheapest first; where colours forbid joins more than one group remains."""

    m: int
    joins: Ints

    def cut(self, count: int) -> Ints:
        """Return a label per node with ``count`` groups, or as few as the colours allow."""
        pairs = self.joins[: max(0, self.m - count)]
        graph = csr_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(self.m,) * 2)
        labels: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
        return labels


def ward(place: Doubles, nodes: Ints, colours: Ints, weights: Doubles) -> Tree:
    """Return the tree over ``nodes`` by nearest-neighbour chains (Murtagh 1983).

    ``place`` (n, n) are inner products of n rows, ``nodes`` (n,) the node each row is contracted into, ``weights``
    (n,) what each counts. Two nodes of different ``colours`` (>= 0) never join: their cost is infinite, and stays so
    for whatever they are joined with.
    """
    m = int(nodes.max()) + 1
    weight: Doubles = np.bincount(nodes, weights=weights).astype(np.float64)
    mean = csr_matrix((weights / weight[nodes], (nodes, np.arange(len(nodes)))))
    inner = np.asarray(mean @ (mean @ place).T)
    square = np.diag(inner)
    near = -np.maximum(square[:, None] + square[None, :] - 2 * inner, 0.0)
    near *= np.outer(weight, weight) / (weight[:, None] + weight[None, :])
    coloured = np.flatnonzero(colours >= 0)
    near[np.ix_(coloured, coloured)] = -np.inf
    np.fill_diagonal(near, -np.inf)

    def spread(keep: int, gone: int) -> Doubles:
        both = weight[keep] + weight[gone]
        sums = (weight[keep] + weight) * near[keep] + (weight[gone] + weight) * near[gone]
        merged: Doubles = (sums - weight * near[keep, gone]) / (both + weight)
        return merged

    joins, heights = nearest_neighbour_chain(near, weight, spread)
    return Tree(m, joins[np.argsort(-heights, kind="stable")])
