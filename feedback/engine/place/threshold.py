"""From which mean similarity one post joins a group, learned from a finished grouping."""

import numpy as np

from feedback.engine.data.corpus import Ints
from feedback.engine.data.rows import BLOCK, Rows, read, sums_of_spans

#: Posts with which the threshold is found, and groups that are compared with them at a time.
_SAMPLE = 2_000
_GROUPS = 2_048
USUAL_THRESHOLD = 0.35
#: Share of the posts that a stricter threshold may get wrong beyond the best one.
_SLACK = 0.01


def placing_threshold(vectors: Rows, labels: Ints, idle: np.ndarray) -> float:
    """Return the mean cosine similarity from which one post joins a group.

    Every post (up to `_SAMPLE`, evenly spread) is taken out and offered to all groups of two or more: a post alone is no
    ask that another could join, and on a board of many one of them is always near. Those that have company
    should go home, those that are alone should stay unplaced. Of the thresholds that get most of them right, the
    strictest is taken: a post wrongly placed annoys its author, one unplaced waits for the next grouping.
    ``vectors`` (n, d), ``labels`` (n,), ``idle`` (n,) marks boilerplate, which does not count.
    """
    asked = np.flatnonzero(~idle)
    if len(asked) < 20:
        return USUAL_THRESHOLD
    asked = asked[np.linspace(0, len(asked) - 1, min(len(asked), _SAMPLE)).astype(np.int64)]
    asking = read(vectors, asked)
    home = labels[asked]
    counts = np.bincount(labels)
    company = counts[home] > 1
    best = np.full(len(asked), -np.inf, dtype=np.float32)
    nearest = np.full(len(asked), -1, dtype=np.int64)
    by_label = np.argsort(labels, kind="stable")
    starts = np.concatenate([[0], np.cumsum(counts)])
    for first in range(0, len(counts), _GROUPS):
        last = min(first + _GROUPS, len(counts))
        sums = np.zeros((last - first, asking.shape[1]), dtype=np.float32)
        for start in range(int(starts[first]), int(starts[last]), BLOCK):
            rows = by_label[start : min(start + BLOCK, int(starts[last]))]
            low, high = int(labels[rows[0]]), int(labels[rows[-1]]) + 1
            ends = np.clip(starts[low : high + 1] - start, 0, len(rows))
            sums[low - first : high - first] += sums_of_spans(read(vectors, rows), ends)
        scores = asking @ (sums / counts[first:last, None].astype(np.float32)).T
        scores[:, counts[first:last] < 2] = -np.inf
        at_home = np.flatnonzero((home >= first) & (home < last))
        mine, group = asking[at_home], home[at_home]
        own = np.einsum("ij,ij->i", mine, sums[group - first] - mine)
        scores[at_home, group - first] = np.where(
            company[at_home], own / np.maximum(counts[group] - 1, 1), -np.inf
        )
        highest = scores.argmax(axis=1)
        value = scores[np.arange(len(asked)), highest]
        better = value > best
        best[better], nearest[better] = value[better], first + highest[better]
    right = company & (nearest == home)
    grid = np.linspace(0.1, 0.9, 81)
    correct = np.array([(right & (best >= t)).sum() + (~company & (best < t)).sum() for t in grid])
    return float(grid[correct >= correct.max() - _SLACK * len(asked)].max())
