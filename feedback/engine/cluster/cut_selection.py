"""At which level to cut: where views that know nothing of each other agree most.

Boards differ: five big asks, or a thousand tiny ones. The vectors alone do not say which, but independent views
of the same posts (two encoders, or two halves of one) cut the board alike at the level that is really there, and
disagree between levels. Agreement is the mean of adjusted mutual information and adjusted Rand index, so that many
small groups earn nothing by chance, and neither the small nor the large groups decide alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.special import gammaln

from feedback.engine.cluster.linkage import Forest
from feedback.engine.data.corpus import Doubles, Ints

#: Cuts that are compared, from a handful of groups to almost every post alone.
CUTS = 26
FEWEST_GROUPS = 3
MOST_GROUPS = 0.75
#: The usual level, how far boards stray from it (a factor, in logarithms), and its weight against the agreement:
#: a little always, since two views also agree that all is one, and more on a board too small to tell.
USUAL = 0.28
USUAL_SPREAD = 1.0
USUAL_WEIGHT = 0.1
USUAL_POSTS = 20.0
#: Posts less alike than this on average do not ask for the same thing, however well the views agree on them.
LOWEST = 0.06
#: Halves of one model agree too much at fine levels: the coarsest level this near to the best is taken.
HALVES_SLACK = 0.02


@dataclass(frozen=True)
class Cut:
    """A cut of a tree at ``level``, in affinity: ``groups`` it makes, ``agreement`` of the views there."""

    level: float
    groups: int
    agreement: float


def best_cut(
    fused: Forest,
    views: Sequence[Forest],
    *,
    halves: bool = False,
    known: Ints | None = None,
) -> Cut:
    """Return where to cut ``fused``, given the forests of at least two ``views`` of the same m posts.

    ``halves`` says that the views are parts of one model. ``known`` (m,) holds the groups people live with now
    (-1: none); agreement with them counts as much as that of the views, so a board does not change its level
    because it grew a little.
    """
    m = fused.m
    most = max(2, int(m * MOST_GROUPS))
    counts = np.unique(np.geomspace(min(FEWEST_GROUPS, most), most, CUTS).astype(int)).tolist()
    thresholds = np.array([fused.threshold(count) for count in counts])
    partitions = [[one.groups(count) for count in counts] for one in views]
    agreement = np.mean(
        [
            [agreement_of(a, b) for a, b in zip(left, right, strict=True)]
            for left, right in combinations(partitions, 2)
        ],
        axis=0,
    )
    score = np.convolve(np.pad(agreement, 1, mode="edge"), [0.25, 0.5, 0.25], mode="valid")
    usual = np.exp(-0.5 * (np.log(np.maximum(thresholds, 0.001) / USUAL) / USUAL_SPREAD) ** 2)
    score = score + (USUAL_WEIGHT + USUAL_POSTS / m) * usual
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
    return Cut(float(thresholds[best]), int(counts[best]), float(agreement[best]))


def agreement_of(a: Ints, b: Ints) -> float:
    """Return the mean of the adjusted mutual information and the adjusted Rand index of two labellings."""
    table = _Table.of(a, b)
    return (_mutual(table) + _rand(table)) / 2


def adjusted_mutual_information(a: Ints, b: Ints) -> float:
    """Return the AMI of two labellings (Vinh, Epps and Bailey 2010), arithmetic mean of the entropies.

    The expectation is summed once per pair of group sizes instead of once per pair of groups, over the counts
    that are at all likely: many small groups of few sizes are the normal case here.
    """
    return _mutual(_Table.of(a, b))


def adjusted_rand(a: Ints, b: Ints) -> float:
    """Return the adjusted Rand index of two labellings (Hubert and Arabie 1985)."""
    return _rand(_Table.of(a, b))


@dataclass(frozen=True)
class _Table:
    """How two labellings of n posts meet: the sizes of the groups of either, and of the overlaps that there are.

    ``left`` and ``right`` are the groups that each overlap, of ``counts`` posts, belongs to.
    """

    n: int
    sizes_a: Ints
    sizes_b: Ints
    left: Ints
    right: Ints
    counts: Ints

    @classmethod
    def of(cls, a: Ints, b: Ints) -> "_Table":
        _, a = np.unique(a, return_inverse=True)
        _, b = np.unique(b, return_inverse=True)
        sizes_a, sizes_b = np.bincount(a), np.bincount(b)
        cells, counts = np.unique(a.astype(np.int64) * len(sizes_b) + b, return_counts=True)
        return cls(len(a), sizes_a, sizes_b, cells // len(sizes_b), cells % len(sizes_b), counts)


def _mutual(table: _Table) -> float:
    n, sizes_a, sizes_b, counts = table.n, table.sizes_a, table.sizes_b, table.counts
    if n < 2 or (len(sizes_a) == 1 and len(sizes_b) == 1):
        return 1.0
    product = sizes_a[table.left] * sizes_b[table.right]
    mutual = float((counts / n * np.log(n * counts / product)).sum())
    entropy_a, entropy_b = _entropy(sizes_a, n), _entropy(sizes_b, n)
    expected = _expected(sizes_a, sizes_b, n)
    spread = (entropy_a + entropy_b) / 2 - expected
    return (mutual - expected) / spread if abs(spread) > 1e-12 else 0.0


def _rand(table: _Table) -> float:
    both, one, other = (
        float((counts * (counts - 1.0)).sum() / 2)
        for counts in (table.counts, table.sizes_a, table.sizes_b)
    )
    pairs = table.n * (table.n - 1.0) / 2
    chance = one * other / pairs if pairs else 0.0
    most = (one + other) / 2
    return (both - chance) / (most - chance) if most != chance else 1.0


def _entropy(sizes: Ints, n: int) -> float:
    share = sizes / n
    return float(-(share * np.log(share)).sum())


def _expected(sizes_a: Ints, sizes_b: Ints, n: int) -> float:
    one, times_one = np.unique(sizes_a, return_counts=True)
    two, times_two = np.unique(sizes_b, return_counts=True)
    a, b = (grid.ravel().astype(np.float64) for grid in np.meshgrid(one, two, indexing="ij"))
    times = np.outer(times_one, times_two).ravel()
    low = np.maximum(1.0, a + b - n)
    high = np.minimum(a, b)
    mean = a * b / n
    # Counts far beyond the mean of the hypergeometric distribution have no weight in double precision.
    likely = mean + 10.0 * np.sqrt(mean) + 20.0
    high = np.minimum(high, np.floor(likely))
    low = np.maximum(low, np.ceil(mean - 10.0 * np.sqrt(mean) - 20.0))
    spans = np.maximum(high - low + 1, 0).astype(np.int64)
    pair = np.repeat(np.arange(len(a)), spans)
    offset = np.arange(spans.sum()) - np.repeat(np.cumsum(spans) - spans, spans)
    count = low[pair] + offset
    logs = gammaln(np.arange(n + 2, dtype=np.float64) + 1.0)

    def log_factorial(x: Doubles) -> Doubles:
        found: Doubles = logs[x.astype(np.int64)]
        return found

    fixed = (
        log_factorial(a) + log_factorial(b) + log_factorial(n - a) + log_factorial(n - b) - logs[n]
    )
    chance = np.exp(
        fixed[pair]
        - log_factorial(count)
        - log_factorial(a[pair] - count)
        - log_factorial(b[pair] - count)
        - log_factorial(n - a[pair] - b[pair] + count)
    )
    terms = count / n * np.log(n * count / (a[pair] * b[pair])) * chance
    return float((terms * times[pair]).sum())
