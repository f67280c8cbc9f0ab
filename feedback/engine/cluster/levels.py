"""How fine each part of a board is cut.

One product holds parts of different grain: questions that many ask in their own words beside near copies, a small young
part beside a large old one. So the level is found in regions of the board, posts that lie together, and each post takes
that of its region, moved a little towards the levels of its neighbours and, where a region is small, towards the board's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from feedback.engine.data.corpus import Doubles, Floats, Ints

#: Posts in a region of which little is known, that the whole board's level counts as much as.
FEW = 200.0
#: Rounds in which every post moves half-way to the level of its neighbours.
ROUNDS = 2


@dataclass(frozen=True)
class Levels:
    """The ``level`` of a board, in affinity, and how fine each of its m rows is cut: the factor ``fineness`` (m,) to it."""

    level: float
    fineness: Doubles

    @classmethod
    def uniform(cls, level: float, m: int) -> "Levels":
        """Return one level for all."""
        return cls(level, np.ones(m))


def spread_levels(found: Sequence[float], sizes: Sequence[int], home: Ints, near: Ints) -> Levels:
    """Return the levels of m rows from those ``found`` in regions of ``sizes`` rows.

    ``home`` (m,) is the region each row is in or nearest to, ``near`` (m, k) its neighbours. The board's level is the mean
    over its rows, in logarithms, as levels differ by factors.
    """
    logs, weight = np.log(found), np.asarray(sizes, dtype=np.float64)
    middle = float(np.average(logs, weights=weight))
    trust = weight / (weight + FEW)
    local = (trust * logs + (1.0 - trust) * middle)[home]
    for _ in range(ROUNDS):
        local = 0.5 * local + 0.5 * local[near].mean(axis=1)
    level = float(local.mean())
    return Levels(float(np.exp(level)), np.exp(local - level))


def nearest_region(vectors: Floats, middles: Floats) -> Ints:
    """Return the region (m,) of which the middle, a row of ``middles`` (r, d), is nearest to each of ``vectors`` (m, d)."""
    found: Ints = np.round(vectors @ middles.T, 6).argmax(axis=1)
    return found
