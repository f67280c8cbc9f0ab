"""Choosing voices that differ: what else is said in a group, beside what most say."""

import numpy as np

from feedback.engine.data.corpus import Floats

#: The share of a group that is listened to: what lies farthest from its middle is more often misplaced than telling.
LISTENED_TO = 0.8


def farthest_first(vectors: Floats, *, count: int) -> list[int]:
    """Return up to ``count`` rows of ``vectors`` (n, d), unit length, each as far as can be from those before it.

    The first is the most central. Of the rest the `LISTENED_TO` nearest to the middle are chosen from; rows that say the same
    as one before are left out. Greedy 2-approximation of the k-centre problem (Gonzalez 1985).
    """
    if not len(vectors) or count < 1:
        return []
    mean = vectors.mean(axis=0)
    central = vectors @ mean
    order = np.argsort(-central, kind="stable")
    heard = order[: max(count, round(LISTENED_TO * len(order)))]
    chosen = [int(order[0])]
    distance = 1.0 - vectors[heard] @ vectors[chosen[0]]
    while len(chosen) < count:
        at = int(np.argmax(distance))
        if distance[at] <= _SAME:
            break
        chosen.append(int(heard[at]))
        distance = np.minimum(distance, 1.0 - vectors[heard] @ vectors[chosen[-1]])
    return chosen


#: Cosine distance within which two say the same.
_SAME = 0.02
