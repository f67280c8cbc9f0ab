"""What grows and fades among those who use one version, or one device: each part against its own past and base rate."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from django.core.cache import caches
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from feedback.accounts.handover.queries import devices
from feedback.asks.models import OPEN
from feedback.asks.stages import Stage
from feedback.forum.models import Product
from feedback.measure.alerts.fading import BEFORE, DAYS, FEWEST, upper_bound
from feedback.measure.alerts.queries import GROWTH, READ, as_of, dated_posts, moment_of, rows_rising

if TYPE_CHECKING:
    from feedback.engine.stats.trends import Rise, Sightings

#: Parts of each kind that are looked at, those with most posts, and posts from which one says anything.
MOST, FEWEST_POSTS = 6, 30
_KEPT_SECONDS = 300


class Part(TextChoices):
    """By what posts are told apart."""

    VERSION = "VERSION", _("Version")
    DEVICE = "DEVICE", _("Device")


@dataclass(frozen=True)
class Moved:
    """An ask in one part: its posts lately and before, and how many times as often as usual, as a bound.

    The bound is the lower one of what grows, and the upper one of what fades.
    """

    ask_id: int
    is_growing: bool
    people: int
    posts: int
    past: int
    bound: float


@dataclass(frozen=True)
class OfPart:
    """What moved in one part, growing first, the strongest first."""

    part: Part
    name: str
    posts: int
    moved: list[Moved] = field(default_factory=list)


@dataclass(frozen=True)
class _Rows:
    """The dated posts of the days that are read, row by row."""

    board: "Sightings"
    fadeable: NDArray[np.bool_]
    names: dict[Part, list[str]]


def by_part(product: Product, *, now: dt.datetime) -> list[OfPart]:
    """Return the versions and devices of ``product`` with most posts and what moved in each, kept for a few minutes."""
    key = f"measure.by-part:{product.pk}:{now.date()}"
    kept = caches["template_fragments"].get_or_set(
        key, lambda: look_by_part(product, now=now), _KEPT_SECONDS
    )
    return kept or []


def look_by_part(product: Product, *, now: dt.datetime) -> list[OfPart]:
    """Look anew; a few queries, and no other statistics than those of the whole board."""
    last, _is_past = as_of(product, now)
    if last is None:
        return []
    rows = _read(product, last)
    end = last.toordinal()
    found = []
    for part in Part:
        names = np.array(rows.names[part], dtype=object)
        for name, count in Counter(one for one in rows.names[part] if one).most_common(MOST):
            if count < FEWEST_POSTS:
                continue
            mine = names == name
            moved = [*_growing(rows.board.take(mine), end), *_fading(rows, mine, end)]
            found.append(OfPart(part, name, count, moved))
    return found


def _read(product: Product, last: dt.date) -> _Rows:
    from feedback.engine.stats.trends import Sightings, numbered  # loads scipy; the web need not

    first, end = moment_of(last - dt.timedelta(days=READ)), moment_of(last + dt.timedelta(days=1))
    rows = list(
        dated_posts(product)
        .filter(posted_at__gte=first, posted_at__lt=end)
        .order_by("pk")
        .values_list(
            "membership__ask",
            "membership__ask__state",
            "membership__ask__stage",
            "source",
            "author",
            "posted_at",
            "product_version",
        )
    )
    device_of = devices()
    numbers, _names = numbered([row[3] for row in rows])
    board = Sightings(
        asks=np.array([row[0] if row[1] in OPEN else -1 for row in rows], dtype=np.int64),
        sources=numbers,
        authors=np.array([row[4] for row in rows], dtype=np.int64),
        days=np.array(
            [row[5].astimezone(dt.UTC).date().toordinal() for row in rows], dtype=np.int64
        ),
    )
    done = (Stage.SHIPPED, Stage.DECLINED)
    fadeable = np.array([row[2] not in done for row in rows], dtype=bool)
    names = {
        Part.VERSION: [row[6] for row in rows],
        Part.DEVICE: [device_of.get(row[4], "") for row in rows],
    }
    return _Rows(board, fadeable, names)


def _growing(board: "Sightings", end: int) -> list[Moved]:
    """Return what rises in one part's posts, an ask in its strongest window."""
    from feedback.engine.stats.trends import Window  # loads scipy; the web need not

    windows = [Window(end - days + 1, days, past) for days, past in GROWTH]
    best: dict[int, Rise] = {}
    for seen in rows_rising(board, windows):
        for rise in seen.found:
            if rise.low >= 1 and (rise.ask not in best or rise.low > best[rise.ask].low):
                best[rise.ask] = rise
    return [
        Moved(one.ask, True, one.people, one.posts, one.past, one.low)
        for one in sorted(best.values(), key=lambda one: (-one.low, one.ask))
    ]


def _fading(rows: _Rows, mine: NDArray[np.bool_], end: int) -> list[Moved]:
    """Return what one part's people ask for less than before, against all that they write."""
    middle = end - DAYS + 1
    kept = mine & (rows.board.days >= middle - BEFORE)
    board, fadeable = rows.board.take(kept), rows.fadeable[kept]
    lately = board.days >= middle
    now, past = int(lately.sum()), int((~lately).sum())
    found = []
    for ask in np.unique(board.asks[(board.asks >= 0) & fadeable]):
        its = board.asks == ask
        here, before = int((its & lately).sum()), int((its & ~lately).sum())
        if before < FEWEST:
            continue
        high = upper_bound(here, before, now - here, past - before)
        if high < 1:
            people = len(np.unique(board.authors[its & lately]))
            found.append(Moved(int(ask), False, people, here, before, high))
    return sorted(found, key=lambda one: (one.bound, one.ask_id))
