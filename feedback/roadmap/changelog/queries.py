"""Reading the changelog."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from feedback.asks.stages import Stage
from feedback.forum.models import Product
from feedback.forum.products.queries import listed
from feedback.roadmap.models import Category, ChangelogLine, Item, Release, StopDay
from feedback.roadmap.stops import OUT


@dataclass(frozen=True)
class Wanted:
    """What a reader looks for: one kind of change, and words; all where nothing is said."""

    category: str = ""
    words: str = ""

    @property
    def is_everything(self) -> bool:
        return not self.category and not self.words

    def lines(self) -> QuerySet[ChangelogLine]:
        """Return the lines that are looked for, with their items at hand."""
        lines = ChangelogLine.objects.select_related("item")
        if self.category:
            lines = lines.filter(category=self.category)
        for word in self.words.split()[:8]:
            lines = lines.filter(Q(text__icontains=word) | Q(item__title__icontains=word))
        return lines


def wanted_of(category: str, words: str) -> Wanted:
    """Return what was asked for in an address; what is no kind of change is none."""
    return Wanted(category if category in Category else "", " ".join(words.split())[:200])


def releases(product: Product | None, wanted: Wanted) -> QuerySet[Release]:
    """Return releases, of one product or of all, newest first, with their lines and what is still to come at hand.

    Those that carry something or are on the train; where something is looked for, those that have such a line.
    """
    lines = wanted.lines()
    found = Release.objects.filter(listed(product)).select_related("product")
    coming = Item.objects.exclude(stage__in=[Stage.SHIPPED, Stage.DECLINED]).order_by("id")
    if wanted.is_everything:
        own = {"release": OuterRef("pk")}
        found = found.filter(
            Exists(ChangelogLine.objects.filter(**own))
            | Exists(Item.objects.filter(**own))
            | Exists(StopDay.objects.filter(**own))
        )
    else:
        found = found.filter(Exists(lines.filter(release=OuterRef("pk"))))
        coming = coming.none()
    return found.prefetch_related(
        Prefetch("lines", lines), Prefetch("items", coming, to_attr="still_to_come")
    ).order_by("-release_date", "-id")


def released_between(
    product: Product, first: dt.date, last: dt.date, *, limit: int
) -> list[tuple[dt.date, str]]:
    """Return the last releases of ``product`` that came out from ``first`` to ``last``, by day and version, oldest first."""
    start = dt.datetime.combine(first, dt.time(), dt.UTC)
    end = dt.datetime.combine(last, dt.time.max, dt.UTC)
    found = Release.objects.filter(product=product, stop__in=OUT, released_at__range=(start, end))
    rows = found.order_by("-released_at", "-id").values_list("released_at", "version")[:limit]
    return [(at.date(), version) for at, version in reversed(rows) if at is not None]


def out(where: Q, *, limit: int) -> Sequence[Release]:
    """Return the last releases that are out, of the products that ``where`` says, with their lines at hand."""
    found = Release.objects.filter(where, stop__in=OUT).select_related("product")
    lines = Prefetch("lines", ChangelogLine.objects.select_related("item"))
    return list(found.prefetch_related(lines).order_by("-released_at", "-id")[:limit])
