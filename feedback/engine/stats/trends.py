"""Which asks grow faster than the board, from dated posts, with lower bounds that allow for small numbers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.special import betainc, betaincinv, gammaincinv

from feedback.engine.data.corpus import Doubles, Ints
from feedback.engine.stats.growth import Growth

#: People who must have asked within the window.
FEWEST_PEOPLE = 4
#: What the lower bound has to reach: less is not worth anybody's attention.
LEAST_RISE = 1.25
#: Bound on the chance that one look at a board on which nothing happens raises anything, shared by all asks and
#: windows. It is generous: looks of neighbouring days see mostly the same posts. Measured: `docs/adr/0016`.
FALSE_ALARM = 0.2
#: A source counts when its posts reach back at least this share of the time compared with.
_REACHES_BACK = 0.5
#: Posts of one source on one day, and how many times its usual day: this many look like an import.
FLOOD = 50
_FLOOD_TIMES = 10


@dataclass(frozen=True)
class Sightings:
    """The dated posts of a board, row by row: ``asks`` (n,) a number or -1 for none, ``sources`` (n,) and
    ``authors`` (n,) numbers, ``days`` (n,) days counted from any day."""

    asks: Ints
    sources: Ints
    authors: Ints
    days: Ints

    def __len__(self) -> int:
        return len(self.days)

    def take(self, rows: np.ndarray) -> "Sightings":
        """Return the posts of ``rows``, numbers or a mask."""
        return Sightings(self.asks[rows], self.sources[rows], self.authors[rows], self.days[rows])


@dataclass(frozen=True)
class Window:
    """``days`` days from ``start`` on, compared with the ``past`` days before; ``past`` is a multiple of ``days``."""

    start: int
    days: int
    past: int

    @property
    def end(self) -> int:
        """The last day."""
        return self.start + self.days - 1


@dataclass(frozen=True, kw_only=True)
class Rise(Growth):
    """One ask in one window, with the ``chance`` that it is none."""

    ask: int
    window: Window
    chance: float

    @property
    def is_alarming(self) -> bool:
        """Whether a person should look at it."""
        return self.people >= FEWEST_PEOPLE and self.low >= LEAST_RISE


@dataclass(frozen=True)
class Rises:
    """Every ask seen in a window, strongest first, and what was left out of the comparison."""

    window: Window
    found: list[Rise]
    dispersion: float
    left_out_sources: list[int] = field(default_factory=list)


def rises(
    board: Sightings, window: Window, *, tests: int | None = None, dispersion: float | None = None
) -> Rises:
    """Compare every ask's posts in ``window`` with its own past and with the board.

    What an ask is expected to bring follows from its past, source by source, times how the source itself moved:
    a board that doubles, a busy weekend or an import raise nothing. A source without enough past is left out.
    The ratio of two rates has a beta-prime posterior (each rate with a Gamma prior); its lower quantile at
    `FALSE_ALARM` over ``tests`` (the asks, unless told: windows times asks) is the bound. Counts that scatter
    more than chance (``dispersion``, estimated when not given) weigh less, and so do those of a small board.
    The same is done with people, each once a window, so that one who writes ten times is one.
    """
    near = board.take((board.days >= window.start - window.past) & (board.days <= window.end))
    kept, left_out = _comparable(near, window)
    near = near.take(np.isin(near.sources, kept))
    block = (near.days - window.start) // window.days
    asks = np.unique(near.asks[(near.asks >= 0) & (block >= 0)])
    if not len(asks):
        return Rises(window, [], dispersion or 1.0, left_out)
    if dispersion is None:
        dispersion = scatter(near, window)
    level = FALSE_ALARM / max(tests or len(np.unique(near.asks[near.asks >= 0])), 1)
    by_post = _compare(near, block, asks, dispersion, level)
    once = _once(near, block)
    by_person = _compare(near.take(once), block[once], asks, dispersion, level)
    found = [
        Rise(
            ask=int(ask),
            window=window,
            posts=int(by_post.now[at]),
            people=int(by_person.now[at]),
            past=int(by_post.before[at]),
            expected=float(by_post.expected[at]),
            raw=_times(by_post.now[at], by_post.before[at] * window.days / window.past),
            ratio=_times(by_post.now[at], by_post.expected[at]),
            low=float(min(by_post.low[at], by_person.low[at])),
            chance=float(max(by_post.chance[at], by_person.chance[at])),
        )
        for at, ask in enumerate(asks)
    ]
    found.sort(key=lambda one: (-one.low, -one.people, one.ask))
    return Rises(window, found, float(dispersion), left_out)


def _times(now: float, usual: float) -> float:
    """Return how many times ``usual`` is in ``now``; half a post is the least that can be usual."""
    return float(now / max(usual, 0.5))


def _comparable(near: Sightings, window: Window) -> tuple[list[int], list[int]]:
    """Return the sources whose posts reach back far enough, and those that appear in the window alone."""
    kept, left_out = [], []
    oldest = window.start - window.past * _REACHES_BACK
    for source in np.unique(near.sources):
        days = near.days[near.sources == source]
        if days.min() <= oldest:
            kept.append(int(source))
        elif days.max() >= window.start:
            left_out.append(int(source))
    return kept, left_out


def _once(near: Sightings, block: Ints) -> Ints:
    """Return the first row of each person, ask and block."""
    rows = np.stack([near.authors, near.asks, block])
    return np.sort(np.unique(rows, axis=1, return_index=True)[1])


@dataclass(frozen=True)
class _Compared:
    now: Doubles
    before: Doubles
    expected: Doubles
    low: Doubles
    chance: Doubles


def _compare(
    near: Sightings, block: Ints, asks: Ints, dispersion: float, level: float
) -> _Compared:
    """Return counts, expectations and bounds of ``asks``, each (len(asks),)."""
    is_now = block >= 0
    column = np.searchsorted(asks, near.asks)
    known = (near.asks >= 0) & (column < len(asks))
    known[known] = asks[column[known]] == near.asks[known]
    now = np.zeros(len(asks))
    before = np.zeros(len(asks))
    expected = np.zeros(len(asks))
    base_now = base_before = 0.0
    for source in np.unique(near.sources):
        of_source = near.sources == source
        total_now = float((of_source & is_now).sum())
        total_before = float((of_source & ~is_now).sum())
        base_now, base_before = base_now + total_now, base_before + total_before
        here = of_source & known
        its_now = np.bincount(column[here & is_now], minlength=len(asks))
        its_before = np.bincount(column[here & ~is_now], minlength=len(asks))
        now, before = now + its_now, before + its_before
        # The board without the ask: an ask that is half of the board must not hide itself.
        rest_now = np.maximum(total_now - its_now, 0.5)
        rest_before = np.maximum(total_before - its_before, 0.5)
        expected += its_before * rest_now / rest_before
    rest_now = np.maximum(base_now - now, 0.5)
    rest_before = np.maximum(base_before - before, 0.5)
    exposure = np.where(before > 0, expected / np.maximum(before, 1), rest_now / rest_before)
    # How much one post weighs: less when counts scatter, and when the board beside it is small.
    weight_now = 1 / (dispersion + now / rest_now)
    weight_before = 1 / (dispersion + before / rest_before)
    # Half a post more now (Jeffreys), a whole one more before: what was rare is not thought rarer than that.
    shape_now, shape_before = now * weight_now + 0.5, before * weight_before + 1.0
    scale = weight_before / (weight_now * np.maximum(exposure, 1e-9))
    quantile = betaincinv(shape_now, shape_before, level)
    low = quantile / np.maximum(1 - quantile, 1e-12) * scale
    chance = betainc(shape_now, shape_before, 1 / (1 + scale))
    return _Compared(now, before, before * exposure, low, chance)


def scatter(board: Sightings, window: Window) -> float:
    """Return how much more the asks' counts vary than chance alone would have them, 1 or more.

    The middle one of the asks' Pearson statistics over the blocks before the window, against its expectation;
    the middle, so that a few asks with real bursts do not hide all others.
    """
    past = board.take(board.days < window.start)
    block = (past.days - window.start) // window.days + window.past // window.days
    blocks = window.past // window.days
    if blocks < 4 or not len(past):
        return 1.0
    total = np.bincount(block, minlength=blocks).astype(float)
    share = total / total.sum()
    known = past.asks >= 0
    asks, column = np.unique(past.asks[known], return_inverse=True)
    counts = np.zeros((len(asks), blocks))
    np.add.at(counts, (column, block[known]), 1)
    sums = counts.sum(axis=1)
    large = sums >= 2 * blocks
    if large.sum() < 5:
        return 1.0
    expected = sums[large, None] * share
    used = share > 0
    pearson = ((counts[large][:, used] - expected[:, used]) ** 2 / expected[:, used]).sum(axis=1)
    freedom = used.sum() - 1
    usual = 2 * float(gammaincinv(freedom / 2, 0.5))
    return max(1.0, float(np.median(pearson)) / usual)


def floods(board: Sightings, *, since: int) -> list[tuple[int, int, int]]:
    """Return (source, day, posts) of days from ``since`` on that look like an import under one date."""
    days_of: dict[int, dict[int, int]] = defaultdict(dict)
    pairs, counts = np.unique(np.stack([board.sources, board.days]), axis=1, return_counts=True)
    for source, day, count in zip(*pairs, counts, strict=True):
        days_of[int(source)][int(day)] = int(count)
    found = []
    for source, days in days_of.items():
        usual = float(np.median(list(days.values())))
        for day, count in days.items():
            alone = len(days) == 1
            if day >= since and count >= FLOOD and (alone or count >= _FLOOD_TIMES * usual):
                found.append((source, day, count))
    return sorted(found, key=lambda one: (one[1], one[0]))


def numbered(values: Sequence[object]) -> tuple[Ints, list[object]]:
    """Return ``values`` as numbers in the order they first appear, and what each number means."""
    seen: dict[object, int] = {}
    numbers = np.array([seen.setdefault(value, len(seen)) for value in values], dtype=np.int64)
    return numbers, list(seen)
