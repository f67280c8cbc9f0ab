"""At which level to cut a tree: where independent views of the posts agree most.

Parts of a board differ: five big asks, or a thousand tiny ones. The vectors alone do not say which, but independent views
of the same posts (two encoders, or two halves of one) cut a part alike at the level that is really there, and
disagree between levels. Agreement is mostly adjusted mutual information, which many small groups gain nothing from by
chance, with a share of the adjusted Rand index, which the large groups decide.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from feedback.engine.cluster.linkage import Forest
from feedback.engine.data.corpus import Doubles, Ints
from feedback.engine.stats.partition_agreement import agreement_of

#: Cuts that are compared, from a handful of groups to almost every post alone.
CUTS = 60
FEWEST_GROUPS = 3
MOST_GROUPS = 0.85
#: The usual level among so many posts, how it grows with their number (the more posts, the more alike the nearest two
#: are by chance), how far parts stray from it (a factor, in logarithms), and its weight against the agreement.
USUAL = 0.305
USUAL_AMONG = 2_000
USUAL_GROWTH = 0.1
USUAL_SPREAD = 0.25
USUAL_WEIGHT = 0.05
WIDE_SPREAD = 0.5
#: Few posts agree here and there by chance. Among m of them the usual level weighs more, by this over m squared,
#: within the wide spread.
FEW_WEIGHT = 40.0
#: Share of the adjusted Rand index in the agreement.
RAND_SHARE = 0.25
#: Views that nowhere agree so much see no level: what they agree on is the near copies alone, which any fine cut keeps. The
#: usual level then weighs more, by this for what is missing, within the wide spread.
CLEAR = 0.6
DOUBT_WEIGHT = 1.5
#: Posts less alike than this on average do not ask for the same thing, however well the views agree on them.
LOWEST = 0.06
#: Halves of one model agree too much at fine levels: the coarsest level this near to the best is taken.
HALVES_SLACK = 0.02


def usual_level(posts: int) -> float:
    """Return the level at which ``posts`` are usually cut."""
    return float(USUAL * (max(posts, 1) / USUAL_AMONG) ** USUAL_GROWTH)


def best_cut(
    fused: Forest,
    views: Sequence[Forest],
    *,
    halves: bool = False,
    known: Ints | None = None,
) -> float:
    """Return the level at which to cut ``fused``, given the forests of at least two ``views`` of the same m posts.

    Never below `LOWEST`. ``halves`` says that the views are parts of one model. ``known`` (m,) holds the groups of the
    previous run (-1: none); agreement with them counts as much as that of the views, so a board does not change its
    level because it grew a little.
    """
    m = fused.m
    most = max(2, int(m * MOST_GROUPS))
    counts = np.unique(np.geomspace(min(FEWEST_GROUPS, most), most, CUTS).astype(int)).tolist()
    thresholds = np.array([fused.threshold(count) for count in counts])
    partitions = [[one.groups(count) for count in counts] for one in views]
    agreement = np.mean(
        [
            [agreement_of(a, b, RAND_SHARE) for a, b in zip(left, right, strict=True)]
            for left, right in combinations(partitions, 2)
        ],
        axis=0,
    )
    score = np.convolve(np.pad(agreement, 1, mode="edge"), [0.25, 0.5, 0.25], mode="valid")
    usual = usual_level(m)
    score = score + USUAL_WEIGHT * _nearness(thresholds, usual, USUAL_SPREAD)
    doubt = DOUBT_WEIGHT * max(0.0, CLEAR - float(agreement.max()))
    score = score + doubt * _nearness(thresholds, usual, WIDE_SPREAD)
    score = score + FEW_WEIGHT / m**2 * _nearness(thresholds, usual, WIDE_SPREAD)
    if (thresholds >= LOWEST).any():
        score = np.where(thresholds >= LOWEST, score, -np.inf)
    if known is not None and (known >= 0).sum() > 1:
        old = known >= 0
        score = score + np.array(
            [agreement_of(fused.groups(count)[old], known[old]) for count in counts]
        )
    best = int(score.argmax())
    if halves and known is None:
        best = int(np.argmax(score >= score.max() - HALVES_SLACK))
    return max(float(thresholds[best]), LOWEST)


def _nearness(levels: Doubles, usual: float, spread: float) -> Doubles:
    """Return how near ``levels`` are to the ``usual`` one, 0 to 1; levels differ by factors."""
    strayed = np.log(np.maximum(levels, 0.001) / usual) / spread
    near: Doubles = np.exp(-0.5 * strayed**2)
    return near
