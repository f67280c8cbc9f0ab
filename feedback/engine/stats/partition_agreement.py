"""How far two labellings of the same posts agree: the mean of AMI and ARI.

scikit-learn has both measures, and a test holds that theirs have the same mean. They are written here because a board is cut
by dozens of comparisons of labellings with a thousand groups each: there scikit-learn's take twenty-eight times as long
(`docs/adr/0018`).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from feedback.engine.data.corpus import Doubles, Ints


def agreement_of(a: Ints, b: Ints, rand_share: float = 0.5) -> float:
    """Return the mean of the adjusted mutual information and, at ``rand_share``, the adjusted Rand index."""
    table = _Table.of(a, b)
    return (1.0 - rand_share) * _mutual(table) + rand_share * _rand(table)


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
    """Return the AMI of two labellings (Vinh, Epps and Bailey 2010), arithmetic mean of the entropies.

    The expectation is summed once per pair of group sizes instead of once per pair of groups, over the counts
    that are at all likely: many small groups of few sizes are the normal case here.
    """
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
    """Return the adjusted Rand index of two labellings (Hubert and Arabie 1985)."""
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
