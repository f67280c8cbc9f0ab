"""How alike two posts are, as the grouping sees it.

Cosine similarity over the encoder's views and the words, then two corrections that need no labels: each post is
moved a little towards its nearest neighbours where they are really near (smoothing over the neighbour graph),
and a likeness that is high among the neighbours of either post counts extra (fuzzy neighbour weights, after UMAP, McInnes 2018).
"""

import math

import numpy as np
from scipy.sparse import csr_matrix, diags, identity

from feedback.engine.data.corpus import Floats, Ints
from feedback.engine.neighbours.nearest import nearest_columns

#: Share of the words in the likeness of two posts; the rest is meaning.
WORD_SHARE = 0.18
#: Share of the fuzzy neighbour weight; the rest is the smoothed cosine similarity.
FUZZY_SHARE = 0.25
#: Cosine up to which two posts are strangers, and from which a fuzzy weight counts in full.
STRANGERS, ACQUAINTED = 0.3, 0.5
#: Neighbours that count for the fuzzy weight, and for smoothing.
FUZZY_NEIGHBOURS = 15
SMOOTHING_NEIGHBOURS = 10
#: Weight of a neighbour at cosine 1 when smoothing, and how fast it falls: a post that is like nobody stays put.
SMOOTHING = 3.0
SMOOTHING_POWER = 6


def reach(m: int, most: int) -> int:
    """Return how many neighbours count on a board of ``m``: fewer on a small one, where most posts are far."""
    return max(1, min(most, m - 1, round(math.sqrt(m) / 2) + 1))


def affinity(similarity: Floats) -> Floats:
    """Return the likeness (m, m) for a matrix of cosine similarities, which stays as it is."""
    m = len(similarity)
    if m < 3:
        return similarity.copy()
    near, values = nearest_columns(similarity, reach(m, FUZZY_NEIGHBOURS))
    out = smoothed(similarity, near, values)
    out *= 1.0 - FUZZY_SHARE
    fuzzy = fuzzy_graph(near, values).tocoo()
    out[fuzzy.row, fuzzy.col] += (FUZZY_SHARE * fuzzy.data).astype(np.float32)
    return out


def smoothing_graph(near: Ints, values: Floats) -> csr_matrix:
    """Return the row-stochastic (m, m) matrix that moves every row towards its nearest neighbours."""
    m = len(near)
    k = reach(m, SMOOTHING_NEIGHBOURS)
    rows = np.repeat(np.arange(m), k)
    weights = SMOOTHING * np.maximum(values[:, :k], 0.0) ** SMOOTHING_POWER
    graph = csr_matrix((weights.ravel(), (rows, near[:, :k].ravel())), shape=(m, m))
    graph = graph + identity(m, dtype=np.float32, format="csr")
    total = np.asarray(graph.sum(axis=1)).ravel()
    return (diags(1.0 / total) @ graph).astype(np.float32).tocsr()


def smoothed(similarity: Floats, near: Ints, values: Floats) -> Floats:
    """Return the cosine similarities after smoothing, as if the vectors themselves had been moved.

    A row keeps its length: that of a bundle of unlike posts is below 1, so that its similarities stay means.
    """
    graph = smoothing_graph(near, values)
    half = graph @ similarity
    out: Floats = graph @ np.ascontiguousarray(half.T)
    before = np.maximum(np.diagonal(similarity), 1e-6)
    length = np.sqrt(np.maximum(np.diagonal(out), 1e-6) / before).astype(np.float32)
    out /= length[:, None]
    out /= length[None, :]
    return out


def fuzzy_graph(near: Ints, values: Floats) -> csr_matrix:
    """Return the symmetric fuzzy neighbour weights (m, m), each in 0 to 1.

    ``near`` and ``values`` (m, k) are the nearest rows and their similarity, best first. A row's weights fall
    from 1 at its nearest neighbour, at a rate that makes them sum to log2(k); a + b - ab joins both directions.
    A neighbour that is hardly alike counts for little, however much nearer it is than all others: most posts of a
    long tail ask for something nobody else asks for, and even their nearest neighbour is unrelated.
    """
    m, k = near.shape
    distance = 1.0 - values
    beyond = np.maximum(distance - distance[:, :1], 0.0)
    low, high = np.full(m, 1e-3), np.full(m, 10.0)
    target = np.log2(max(k, 2))
    rate = (low + high) / 2
    for _ in range(32):
        too_much = np.exp(-beyond / rate[:, None]).sum(axis=1) > target
        high = np.where(too_much, rate, high)
        low = np.where(too_much, low, rate)
        rate = (low + high) / 2
    weights = np.exp(-beyond / rate[:, None])
    weights *= np.clip((values - STRANGERS) / (ACQUAINTED - STRANGERS), 0.0, 1.0)
    directed = csr_matrix(
        (weights.ravel(), (np.repeat(np.arange(m), k), near.ravel())), shape=(m, m)
    )
    back = directed.T.tocsr()
    return (directed + back - directed.multiply(back)).tocsr()
