"""Confidence intervals of a share from a small sample. Only the standard library."""

from dataclasses import dataclass
from math import inf, sqrt
from statistics import NormalDist


@dataclass(frozen=True)
class Share:
    """``hits`` of ``total`` with the bounds of the true share, 0 to 1; ``value`` is None without any."""

    hits: float
    total: float
    low: float
    high: float

    @property
    def value(self) -> float | None:
        return self.hits / self.total if self.total else None


def wilson(hits: float, total: float, *, confidence: float = 0.95) -> Share:
    """Return the two-sided score interval of a share (Wilson 1927).

    It stays inside 0 to 1 and holds its confidence from a handful of answers on, where the usual plus or minus
    two standard errors does not (Brown, Cai and DasGupta 2001). Numbers may be effective ones, and so broken.
    Raises `ValueError` unless 0 <= hits <= total.
    """
    if not 0 <= hits <= total:
        raise ValueError(f"{hits} of {total} is no share.")
    if total == 0:
        return Share(0, 0, 0.0, 1.0)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share, square = hits / total, z * z / total
    middle = (share + square / 2) / (1 + square)
    reach = z / (1 + square) * sqrt(share * (1 - share) / total + square / (4 * total))
    low = 0.0 if hits == 0 else max(0.0, middle - reach)
    high = 1.0 if hits == total else min(1.0, middle + reach)
    return Share(hits, total, low, high)


@dataclass(frozen=True)
class Stratum:
    """One part of what is estimated: ``size`` cases of which ``judged`` were drawn at random, ``hits`` said yes."""

    size: float
    judged: int
    hits: int


@dataclass(frozen=True)
class Total:
    """How many cases of all strata are a yes, with bounds; ``of`` is how many there are in the judged strata."""

    value: float
    low: float
    high: float
    of: float


def stratified_share(strata: list[Stratum], *, confidence: float = 0.95) -> Share:
    """Estimate the share of yes over strata that were not drawn alike, each weighed by its size.

    The interval is Wilson's on the effective number of answers (Kish 1965). A stratum without answers says
    nothing and is left out; one that has emptied since counts as large as its sample.
    """
    known = [one for one in strata if one.judged]
    whole = sum(max(one.size, one.judged) for one in known)
    if not known:
        return wilson(0, 0)
    share = spread = 0.0
    for one in known:
        weight = max(one.size, one.judged) / whole
        share += weight * one.hits / one.judged
        spread += weight**2 / one.judged
    total = 1 / spread
    return wilson(min(share * total, total), total, confidence=confidence)


def stratified_total(strata: list[Stratum], *, confidence: float = 0.95) -> Total:
    """Estimate how many cases are a yes, from a sample drawn separately in each stratum (Cochran 1977, ch. 5).

    Each stratum's share is drawn towards one half by one yes and one no (Agresti and Coull 1998), so that a
    stratum of three answers without a yes does not count as certain. Strata nobody judged are left out.
    """
    known = [one for one in strata if one.judged and one.size > 0]
    value = variance = 0.0
    for one in known:
        rate = (one.hits + 1) / (one.judged + 2)
        value += one.size * one.hits / one.judged
        variance += one.size**2 * rate * (1 - rate) / (one.judged + 2)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    of = sum(one.size for one in known)
    reach = z * sqrt(variance)
    return Total(value, max(0.0, value - reach), min(of, value + reach), of)


@dataclass(frozen=True)
class Between:
    """An estimate with the bounds that hold the truth as often as the confidence says; infinite where nothing holds it."""

    value: float
    low: float
    high: float


def rate_ratio(
    before: int, days_before: float, after: int, days_after: float, *, confidence: float = 0.95
) -> Between:
    """Return how many times as often something happened a day after as before, from counts and days.

    Given how often it happened in all, the number after is binomial (Przyborowski and Wilenski 1940), so the bounds
    are those of its share, by `wilson`, turned into a ratio. Raises `ValueError` without days, or where nothing happened.
    """
    if days_before <= 0 or days_after <= 0 or before + after <= 0:
        raise ValueError("A ratio of rates needs days on both sides, and something that happened.")
    share = wilson(after, before + after, confidence=confidence)

    def ratio(part: float) -> float:
        return inf if part >= 1 else part / (1 - part) * days_before / days_after

    return Between(ratio(after / (before + after)), ratio(share.low), ratio(share.high))


def difference(one: Share, other: Share) -> Between:
    """Return by how much the share ``one`` exceeds ``other``, -1 to 1, from their own bounds (Newcombe 1998, method 10).

    Raises `ValueError` when one of them is a share of nothing.
    """
    if one.value is None or other.value is None:
        raise ValueError("A share of nothing exceeds no other.")
    value = one.value - other.value
    low = value - sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    high = value + sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    return Between(value, max(-1.0, low), min(1.0, high))
