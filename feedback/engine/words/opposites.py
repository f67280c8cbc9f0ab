"""Opposite wishes told apart: a group in which some ask for more of a thing and some for less of it falls in two.

Likeness puts "add" and "remove" together, as both are about the same. So the guard stands after the clustering: a group
whose posts mostly direct somewhere, and not all the same way, is two groups. Groups of faults direct nowhere and stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from feedback.engine.data.corpus import Doubles, Ints
from feedback.engine.words.stance import directed, stances

#: From how far a post stands on a side, and the share of a group's posts whose words direct, from which it may fall in two.
SIDE, SHARE = 0.25, 0.5
#: Vectors that differ less than this point one way; and posts of a large group that say whether its words direct at all.
SPREAD, SAMPLE = 0.3, 60
#: The middle between the sides is never farther from nowhere than this: the vectors of a topic may lean to one side.
_LEAN = 0.15


@dataclass(frozen=True, eq=False)
class ToldApart:
    """``labels`` (n,) in which no group asks for opposites; ``pairs`` of labels that are each other's opposite, more first."""

    labels: Ints
    pairs: list[tuple[int, int]]


def tell_apart(
    labels: Ints, texts: Sequence[str], pointing: Doubles, held: Sequence[bool] | np.ndarray
) -> ToldApart:
    """Split the groups that ask for opposites.

    ``labels`` (n,) and ``texts`` [n] of the posts, ``pointing`` (n,) of their vectors (`Speech.pointing`). A group stays
    whole where posts that are ``held`` (n,) by people's decisions would come to stand on both sides.
    """
    out = labels.copy()
    fixed = np.asarray(held, dtype=bool)
    pairs: list[tuple[int, int]] = []
    fresh = int(labels.max(initial=-1)) + 1
    order = np.argsort(labels, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
        if len(rows) < 2:
            continue
        less = _less_in([texts[row] for row in rows.tolist()], pointing[rows])
        if not less.any() or (fixed[rows[less]].any() and fixed[rows[~less]].any()):
            continue
        out[rows[less]] = fresh
        pairs.append((int(labels[rows[0]]), fresh))
        fresh += 1
    return ToldApart(out, pairs)


def _less_in(said: Sequence[str], pointing: Doubles) -> np.ndarray:
    """Return which posts of a group ask for less (m,) bool, with as little reading of words as will do."""
    nobody = np.zeros(len(said), dtype=bool)
    if np.ptp(pointing) < SPREAD:
        return nobody
    if len(said) > 2 * SAMPLE:
        some = said[:: len(said) // SAMPLE]
        if np.mean([directed(one) != 0 for one in some]) < SHARE - 0.2:
            return nobody
    words = np.array([directed(one) for one in said])
    return less_of(stances(words, pointing), words)


def less_of(stance: Doubles, words: Ints) -> np.ndarray:
    """Return which posts of a group (m,) bool ask for less where others ask for more; none where all ask alike.

    ``stance`` (m,) says which way each post points, ``words`` (m,) whether its words say so: 1, -1 or 0.
    """
    more, less = (stance >= SIDE) & (words > 0), (stance <= -SIDE) & (words < 0)
    # On one side the words have to say it, on the other the vectors may.
    if less.any():
        more = (stance >= SIDE) & (words >= 0)
    elif more.any():
        less = (stance <= -SIDE) & (words <= 0)
    if not (more.any() and less.any()) or (words != 0).mean() < SHARE:
        return np.zeros(len(stance), dtype=bool)
    middle = (np.median(stance[more]) + np.median(stance[less])) / 2
    out: np.ndarray = stance < np.clip(middle, -_LEAN, _LEAN)
    return out
