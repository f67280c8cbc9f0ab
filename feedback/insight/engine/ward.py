"""Ward's tree: always join what spreads least when joined (Ward 1963)."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from .corpus import Doubles, Ints


@dataclass(frozen=True)
class Tree:
    """All joins of ``m`` nodes, cheapest first; ``fewest`` groups remain at the end."""

    m: int
    joins: Ints

    def cut(self, count: int) -> Ints:
        """Return a label per node with ``count`` groups, or as few as people allow."""
        pairs = self.joins[: max(0, self.m - count)]
        graph = csr_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(self.m,) * 2)
        labels: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
        return labels


def ward(place: Doubles, nodes: Ints, colours: Ints, weights: Doubles) -> Tree:
    """Return the tree over ``nodes`` by nearest-neighbour chains (Murtagh 1983).

    ``place`` (n, n) are inner products of n rows, ``nodes`` (n,) the node each row is contracted into, ``weights``
    (n,) what each counts. Two nodes of different ``colours`` (>= 0) never meet: their cost is infinite, which
    joining keeps.
    """
    m = int(nodes.max()) + 1
    weight = np.bincount(nodes, weights=weights)
    mean = csr_matrix((weights / weight[nodes], (nodes, np.arange(len(nodes)))))
    inner = np.asarray(mean @ (mean @ place).T)
    square = np.diag(inner)
    cost = np.maximum(square[:, None] + square[None, :] - 2 * inner, 0.0)
    cost *= np.outer(weight, weight) / (weight[:, None] + weight[None, :])
    coloured = np.flatnonzero(colours >= 0)
    cost[np.ix_(coloured, coloured)] = np.inf
    np.fill_diagonal(cost, np.inf)
    active = np.ones(m, dtype=bool)
    joins: list[tuple[int, int]] = []
    heights: list[float] = []
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
        best = int(cost[here].argmin())
        height = cost[here, best]
        if height == np.inf:
            active[here] = False
            chain.pop()
            continue
        if len(chain) > 1 and cost[here, chain[-2]] <= height:
            other = chain[-2]
            del chain[-2:]
            keep, gone = (here, other) if here < other else (other, here)
            between = cost[keep, gone]
            both = weight[keep] + weight[gone]
            merged = (weight[keep] + weight) * cost[keep] + (weight[gone] + weight) * cost[gone]
            merged = (merged - weight * between) / (both + weight)
            merged[keep] = merged[gone] = np.inf
            cost[keep] = cost[:, keep] = merged
            cost[gone] = cost[:, gone] = np.inf
            weight[keep] = both
            active[gone] = False
            joins.append((keep, gone))
            heights.append(float(between))
        else:
            chain.append(best)
    order = np.argsort(np.array(heights), kind="stable")
    return Tree(m, np.array(joins, dtype=np.int64).reshape(-1, 2)[order])
