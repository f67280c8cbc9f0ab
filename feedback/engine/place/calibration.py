"""A placing threshold that keeps a stated precision, from what people judged on this very board."""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv

from feedback.engine.data.corpus import Doubles, Floats, Ints

#: Judged placements without which no threshold is stated.
FEWEST_JUDGED = 50
#: Of the lower bound that each threshold tried has to keep; one-sided.
CONFIDENCE = 0.95
#: Steps from the strictest threshold to the mildest.
_STEPS = 40


@dataclass(frozen=True)
class Offers:
    """Where each of some posts would go if it came now: ``home`` (n,) the group's number or -1, ``score`` (n,)."""

    home: Ints
    score: Floats


def leave_one_out(vectors: Floats, homes: Ints, rows: Ints, *, fewest: int = 2) -> Offers:
    """Offer each post of ``rows`` to all groups as if it had just come, and return the best.

    ``vectors`` (n, d) in the board's space; ``homes`` (n,) the group of each post, -1 for none. A post is taken
    out of its own group first, and a group that then holds fewer than ``fewest`` posts is not offered: it would
    not have been there. Groups of fewer than ``fewest`` posts are never offered.
    """
    groups = int(homes.max(initial=-1)) + 1
    if not groups:
        return Offers(np.full(len(rows), -1), np.zeros(len(rows), dtype=np.float32))
    placed = np.flatnonzero(homes >= 0)
    counts = np.bincount(homes[placed], minlength=groups)
    sums = np.zeros((groups, vectors.shape[1]), dtype=np.float32)
    order = placed[np.argsort(homes[placed], kind="stable")]
    starts = np.flatnonzero(np.diff(homes[order], prepend=-1))
    sums[homes[order[starts]]] = np.add.reduceat(vectors[order], starts, axis=0)
    means = sums / np.maximum(counts, 1)[:, None]
    small = np.flatnonzero(counts < fewest)
    home = np.empty(len(rows), dtype=np.int64)
    score = np.empty(len(rows), dtype=np.float32)
    for start in range(0, len(rows), 512):
        some = rows[start : start + 512]
        scores = vectors[some] @ means.T
        scores[:, small] = -np.inf
        inside = np.flatnonzero(homes[some] >= 0)
        own = homes[some[inside]]
        left = counts[own] - 1
        without = np.einsum(
            "ij,ij->i", vectors[some[inside]], sums[own] - vectors[some[inside]]
        ) / np.maximum(left, 1)
        scores[inside, own] = np.where(left >= fewest, without, -np.inf)
        home[start : start + 512] = scores.argmax(axis=1)
        score[start : start + 512] = scores.max(axis=1)
    home[~np.isfinite(score)] = -1
    score[~np.isfinite(score)] = 0.0
    return Offers(home, score)


@dataclass(frozen=True)
class Threshold:
    """The lowest threshold that keeps the precision asked for.

    ``found`` is the share of right placements among the ``judged`` ones above it (weighted), ``low`` the bound
    that the true share is above with the confidence asked for.
    """

    threshold: float
    found: float
    low: float
    judged: int
    right: int


def lower_bound(hits: float, total: float, *, confidence: float = CONFIDENCE) -> float:
    """Return the one-sided exact lower bound of a share (Clopper and Pearson 1934); numbers may be effective."""
    if hits <= 0 or total <= 0:
        return 0.0
    return float(betaincinv(hits, max(total - hits, 0.0) + 1, 1 - confidence))


def threshold_for(
    scores: Doubles,
    right: np.ndarray,
    *,
    precision: float,
    weights: Doubles | None = None,
    confidence: float = CONFIDENCE,
    fewest: int = FEWEST_JUDGED,
) -> Threshold | None:
    """Return the lowest threshold whose precision is at least ``precision``, or None when none can be stated.

    ``scores`` (n,) are the machine's, ``right`` (n,) what people said, ``weights`` (n,) how many placements
    each judged one stands for. Of `_STEPS` thresholds, each with ``fewest`` judged placements or more above it,
    the lowest is taken whose lower bound is at least ``precision``. The bound is exact (Clopper and Pearson 1934)
    on the effective number of answers (Korn and Graubard 1998). Taking the best of several tests spends more
    than the error of one; tests one above the other share most of their answers, so it is little, and it is
    measured instead of bounded (`docs/adr/0015`): testing in a fixed order from the strictest down (Angelopoulos
    et al. 2021) is stricter than need be and leaves most boards of 250 judged placements without a threshold.
    """
    n = len(scores)
    if n < fewest:
        return None
    order = np.argsort(-scores, kind="stable")
    ranked, said = scores[order], right[order].astype(np.float64)
    weight = np.ones(n) if weights is None else weights[order].astype(np.float64)
    total, square, hits = np.cumsum(weight), np.cumsum(weight**2), np.cumsum(weight * said)
    found: Threshold | None = None
    for count in np.unique(np.linspace(fewest, n, _STEPS).astype(np.int64)):
        at = int(count) - 1
        if at + 1 < n and ranked[at + 1] == ranked[at]:
            continue  # no threshold lies between equal scores
        share, effective = hits[at] / total[at], total[at] ** 2 / square[at]
        low = lower_bound(share * effective, effective, confidence=confidence)
        if low >= precision:
            found = Threshold(
                float(ranked[at]), float(share), low, at + 1, round(float(said[: at + 1].sum()))
            )
    return found
