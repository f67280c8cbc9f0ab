"""One judgement for whoever asks whether a post says what a group says: placing, compose, joining.

A similarity alone is a poor witness: on one board .3 is certain and on another .6 is chance. So the views of the encoder are
heard apart, as where they agree they are seldom all wrong (the idea of co-training: Blum and Mitchell 1998): each view's
nearest group, and the group of each view's nearest post. A group that is hardly nearer than the next is in doubt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from feedback.engine.data.corpus import Floats, Key, View
from feedback.engine.place.placement_index import PlacementIndex

#: How much nearer the group has to be than the next.
MARGIN = 0.1
#: Share of the threshold below which nothing is said, to nobody.
FLOOR = 0.7


class Verdict(StrEnum):
    """What may be said: it is the same; it may be, so offer it; or nothing."""

    SAME = "SAME"
    LIKE = "LIKE"
    NOTHING = "NOTHING"


@dataclass(frozen=True)
class Judgement:
    """A verdict on the nearest group, and what it rests on: how much nearer it is than the next, and who disagrees."""

    verdict: Verdict
    margin: float = 0.0
    dissent: tuple[str, ...] = ()


def judge(
    index: PlacementIndex,
    vector: Floats,
    views: Sequence[View],
    offered: Sequence[tuple[Key, float]],
    *,
    threshold: float,
) -> Judgement:
    """Judge the first of the groups ``offered`` (key, mean similarity; best first), against the others of them.

    ``vector`` (d,) is in the board's space; ``threshold`` the similarity from which a post joins a group.
    """
    if not offered or offered[0][1] < FLOOR * threshold:
        return Judgement(Verdict.NOTHING)
    margin = offered[0][1] - (offered[1][1] if len(offered) > 1 else 0.0)
    if offered[0][1] < threshold or margin < MARGIN:
        return Judgement(Verdict.LIKE, round(margin, 4))
    dissent = _dissent(index, vector, views, [key for key, _ in offered])
    return Judgement(Verdict.LIKE if dissent else Verdict.SAME, round(margin, 4), dissent)


def _dissent(
    index: PlacementIndex, vector: Floats, views: Sequence[View], keys: Sequence[Key]
) -> tuple[str, ...]:
    """Return the views, and "all", for which the first of ``keys`` is not the nearest, by its mean or by a post of it."""
    parts: list[tuple[str, Floats]] = [("all", vector)]
    if len(views) > 1:
        for name, start, stop in views:
            if np.any(vector[start:stop]):
                alone = np.zeros_like(vector)
                alone[start:stop] = vector[start:stop]
                parts.append((name, alone))
    found = []
    for name, part in parts:
        means = [index.score(key, part) for key in keys]
        posts = [index.nearest_members(key, part, 1) for key in keys]
        nearest = [one[0].similarity if one else -1.0 for one in posts]
        if max(means) > means[0] or max(nearest) > nearest[0]:
            found.append(name)
    return tuple(found)
