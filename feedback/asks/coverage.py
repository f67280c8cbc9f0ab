"""How much of what people asked has been heard."""

import datetime as dt
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from statistics import median

from django.core.cache import caches
from django.db.models import Count, Q, Sum

from feedback.asks.models import Ask
from feedback.forum.models import Product
from feedback.forum.products.queries import listed, within
from feedback.forum.queries import grouped_posts


@dataclass(frozen=True)
class Summary:
    """The board in one line: "5,000 posts are 612 asks, 9 answered"."""

    posts: int
    asks: int
    public: int
    answered: int
    grouped_posts: int

    @property
    def alone(self) -> int:
        """Posts that no other post joins."""
        return max(0, self.posts - self.grouped_posts)


#: The counts of the whole site are read once in this many seconds, not for every reader: less often where there is more to count.
_SUMMARIES, _SUMMARY_SECONDS, _LONGER = "asks.summaries", 10, 60
_MANY = 20_000


def summary(product: Product | None = None) -> Summary:
    """Return the counts of one product or of the whole site, at most `_SUMMARY_SECONDS` old, `_LONGER` of `_MANY` posts."""
    cache = caches["template_fragments"]
    key = f"{_SUMMARIES}:{cache.get(_SUMMARIES, '')}:{product.pk if product is not None else ''}"
    kept = cache.get(key)
    if not isinstance(kept, Summary):
        kept = count_summary(product)
        cache.set(key, kept, _SUMMARY_SECONDS if kept.posts < _MANY else _LONGER)
    return kept


def forget_summaries() -> None:
    """Have this process count again: whoever has just changed a count looks at it next."""
    caches["template_fragments"].set(_SUMMARIES, secrets.token_hex(4), None)


def count_summary(product: Product | None = None) -> Summary:
    """Return the counts of one product or of the whole site as they are."""
    live = (
        Ask.objects.open()
        .filter(listed(product))
        .aggregate(
            asks=Count("id"),
            public=Count("id", filter=Q(state=Ask.State.PUBLIC)),
            answered=Count("id", filter=Q(answered_at__isnull=False)),
            held=Sum("post_count"),
        )
    )
    return Summary(
        posts=grouped_posts(product).count(),
        asks=live["asks"],
        public=live["public"],
        answered=live["answered"],
        grouped_posts=live["held"] or 0,
    )


def asked_at(answered: dt.datetime, confirmed: dt.datetime, first: dt.datetime) -> dt.datetime:
    """Return since when an answer was waited for: what was answered elsewhere, before it came here, since its first post."""
    return max(confirmed, first) if confirmed <= answered else min(first, answered)


@dataclass(frozen=True)
class Coverage:
    """The team's headline number: the share of public asks with an official answer."""

    public: int
    answered: int
    median_wait: dt.timedelta | None
    oldest_unanswered: Ask | None

    @property
    def percent(self) -> int:
        return round(100 * self.answered / self.public) if self.public else 0


def coverage(product: Product | None = None, *, besides: Collection[int] = ()) -> Coverage:
    """Return how many public asks, of one product or of all, are answered, and how long people waited for that.

    The products whose ids are ``besides`` stay out of it.
    """
    public = Ask.objects.public().filter(within(product)).exclude(product__in=besides)
    waits = [
        (answered - asked_at(answered, confirmed, first or confirmed)).total_seconds()
        for answered, confirmed, first in public.filter(
            answered_at__isnull=False, confirmed_at__isnull=False
        ).values_list("answered_at", "confirmed_at", "first_post_at")
        if answered is not None and confirmed is not None
    ]
    return Coverage(
        public=public.count(),
        answered=len(waits),
        median_wait=dt.timedelta(seconds=max(median(waits), 0)) if waits else None,
        oldest_unanswered=public.filter(answered_at__isnull=True).order_by("confirmed_at").first(),
    )
