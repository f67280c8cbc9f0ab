"""Which asks fewer people ask for than before, against the board."""

import datetime as dt
from dataclasses import dataclass

from django.core.cache import caches
from django.db.models import Count, Q

from feedback.asks.models import OPEN, Ask
from feedback.asks.stages import Stage
from feedback.engine.stats.intervals import rate_ratio
from feedback.forum.models import Product
from feedback.measure.alerts.queries import WATCHED_SECONDS, as_of, dated_posts

#: Four weeks, against the sixteen before.
DAYS, BEFORE = 28, 112
#: Posts before from which their absence says something.
FEWEST = 8
#: How sure it is of each ask that it fades: there are many.
SURE = 0.99
#: What is out or declined is asked for less by itself.
_DONE = (Stage.SHIPPED, Stage.DECLINED)


@dataclass(frozen=True)
class Faded:
    """An ask, its posts of the last `DAYS` days and of `BEFORE` days before; ``high`` is the upper bound of how many times as often as usual."""

    ask: Ask
    posts: int
    past: int
    high: float


def fading(product: Product, *, now: dt.datetime) -> list[Faded]:
    """Return what `look_for_fading` finds, kept for a few minutes."""
    key = f"measure.fading:{product.pk}:{now.date()}"
    kept = caches["template_fragments"].get_or_set(
        key, lambda: look_for_fading(product, now=now), WATCHED_SECONDS
    )
    return kept or []


def look_for_fading(product: Product, *, now: dt.datetime) -> list[Faded]:
    """Return the open asks that people ask for less than before, even when the whole board went quiet; strongest first."""
    last, _is_past = as_of(product, now)
    if last is None:
        return []
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), dt.UTC)
    middle = end - dt.timedelta(days=DAYS)
    lately, before = Q(posted_at__gte=middle), Q(posted_at__lt=middle)
    posts = dated_posts(product).filter(
        posted_at__gte=middle - dt.timedelta(days=BEFORE), posted_at__lt=end
    )
    whole = posts.order_by().aggregate(
        now=Count("pk", filter=lately), past=Count("pk", filter=before)
    )
    rows = (
        posts.filter(membership__ask__state__in=OPEN)
        .exclude(membership__ask__stage__in=_DONE)
        .order_by()
        .values_list("membership__ask")
        .annotate(now=Count("pk", filter=lately), past=Count("pk", filter=before))
        .filter(past__gte=FEWEST)
    )
    found = []
    for ask, posts_now, past in rows:
        high = upper_bound(posts_now, past, whole["now"] - posts_now, whole["past"] - past)
        if high < 1:
            found.append((high, -past, ask, posts_now))
    asks = Ask.objects.in_bulk([ask for _high_, _past, ask, _now in found])
    return [
        Faded(asks[ask], posts_now, -past, high) for high, past, ask, posts_now in sorted(found)
    ]


def upper_bound(now: int, past: int, others_now: int, others_past: int) -> float:
    """Return the upper bound of an ask's rate against its own past, once all the others' is allowed for."""
    own = rate_ratio(past, BEFORE, now, DAYS, confidence=SURE).high
    if not others_past:
        return own
    board = rate_ratio(others_past, BEFORE, others_now, DAYS).low
    return own / board if board > 0 else float("inf")
