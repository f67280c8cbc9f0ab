"""Reading the roadmap as a whole, by what a reader chose to see of it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.asks.models import Area, Ask
from feedback.asks.queries import sources_of
from feedback.asks.stages import Stage
from feedback.forum.models import Product
from feedback.forum.products.queries import listed
from feedback.roadmap.columns.queries import Overview
from feedback.roadmap.models import Column, Item, ItemAsk, Release
from feedback.roadmap.queries import Row, departure, followed, rows

#: The ways to look at it, by their name in the address.
VIEWS: dict[str, Promise] = {
    "board": pgettext_lazy("roadmap view", "Board"),
    "list": _("List"),
    "timeline": _("Timeline"),
    "horizon": _("Now, next, later"),
}
#: Items of one platform, or of one horizon, that a page shows; a list has pages for the rest.
SHOWN = 20
SHIPPED_SHOWN = 12
_ON_ITS_WAY = (Stage.PLANNED, Stage.IN_PROGRESS, Stage.BETA)
#: What most people want first, for what a page cuts off. Of several asks the largest stands for all: nobody is counted here.
_LARGEST = (
    ItemAsk.objects.filter(item=OuterRef("pk"))
    .values("item")
    .annotate(
        largest=Max(Greatest("ask__people_count", Coalesce("ask__joined_into__people_count", 0)))
    )
    .values("largest")
)
_WANTED = Subquery(_LARGEST).desc(nulls_last=True)


@dataclass(frozen=True)
class Chosen:
    """What a reader chose to see, of what there is for them to see."""

    overview: Overview
    view: str = "board"
    product: Product | None = None
    area: Area | None = None
    stage: str = ""

    def items(self) -> QuerySet[Item]:
        """Return the items that are left, without those that were declined."""
        chosen = Q(listed(self.product)) & self.overview.shown
        if self.stage:
            chosen &= Q(stage=self.stage)
        found = Item.objects.standing().filter(chosen)
        if self.area is not None:
            found = found.filter(
                pk__in=ItemAsk.objects.filter(ask__in=self._asks_in_area).values("item")
            )
        return found.select_related("release__product", "product")

    @cached_property
    def _asks_in_area(self) -> list[int]:
        """The asks that lie in the area, and those that were joined into them."""
        live = Ask.objects.filter(area=self.area, joined_into=None)
        return list(sources_of(live.values_list("pk", flat=True)))


def chosen_of(
    view: str, stage: str, area: str, product: Product | None, overview: Overview
) -> Chosen:
    """Return what an address asks for; what it names and is not there is not chosen."""
    return Chosen(
        overview,
        view if view in VIEWS else "board",
        product,
        areas(product).filter(public_id=area).first() if area else None,
        stage if stage in overview.stages else "",
    )


def areas(product: Product | None) -> QuerySet[Area]:
    """Return the public areas that something on the roadmap belongs to, by name; an ask that was joined lies where it went."""
    answered = Ask.objects.filter(
        listed(product, "item_link__item__product"), item_link__isnull=False
    )
    joined = answered.filter(joined_into__isnull=False).values_list("pk", flat=True)
    became = list(followed(list(joined)).values())
    live = Ask.objects.filter(Q(pk__in=answered.values("pk")) | Q(pk__in=became), joined_into=None)
    return Area.objects.filter(pk__in=live.values("area"), state=Area.State.PUBLIC).order_by("name")


@dataclass(frozen=True)
class Platform:
    """The items of one column; ``total`` counts those that are not shown too."""

    column: Column
    rows: Sequence[Row]
    total: int

    @property
    def is_of_shipped(self) -> bool:
        """Whether it holds what has shipped, and nothing else."""
        return list(self.column.stages) == [Stage.SHIPPED]

    @property
    def has_stages(self) -> bool:
        """Whether what stands in it is at several stages."""
        return len(self.column.stages) > 1


def platforms(chosen: Chosen) -> list[Platform]:
    """Return the platforms of the board; on each, what leaves first and what most people wait for stands first.

    Nobody arranges them by hand: the order is made of the days and of how many people asked (ADR 0047).
    """
    columns = [
        column
        for column in chosen.overview.columns
        if not chosen.stage or chosen.stage in column.stages
    ]
    shown = [Platform(column, (), 0) for column in columns]
    open_stages = {stage for one in shown if not one.is_of_shipped for stage in one.column.stages}
    waiting = _in_order(chosen.items().filter(stage__in=open_stages)) if open_stages else []
    standing: list[tuple[Platform, list[int]]] = []
    for platform in shown:
        stages = platform.column.stages
        if platform.is_of_shipped:
            items = chosen.items().filter(stage__in=stages)
            last = items.order_by("-stage_changed_at", "-pk").values_list("pk", flat=True)
            some = list(last[:SHIPPED_SHOWN])
            total = len(some) if len(some) < SHIPPED_SHOWN else items.count()
        else:
            here = [one.pk for one in waiting if one.stage in stages]
            some, total = here[:SHOWN], len(here)
        standing.append((replace(platform, total=total), some))
    by_item = _rows_of(pk for _, some in standing for pk in some)
    found = []
    for platform, some in standing:
        its_rows = [by_item[pk] for pk in some if pk in by_item]
        if not platform.is_of_shipped:
            its_rows.sort(key=_most_wanted_first)
        found.append(replace(platform, rows=its_rows))
    return found


class _Waiting(NamedTuple):
    """As much of an item that has not shipped as says where it stands."""

    pk: int
    stage: str
    release: int | None


def _in_order(items: QuerySet[Item]) -> list[_Waiting]:
    """Return all of ``items``: what leaves first and what most people want first, by a single query."""
    day = F("release__release_date").asc(nulls_last=True)
    ordered = items.select_related(None).order_by(day, _WANTED, "-stage_changed_at", "-pk")
    return [_Waiting(*one) for one in ordered.values_list("pk", "stage", "release")]


def _rows_of(item_ids: Iterable[int]) -> dict[int, Row]:
    items = Item.objects.select_related("release__product", "product").in_bulk(list(item_ids))
    return {row.item.pk: row for row in rows(list(items.values()))}


def _most_wanted_first(row: Row) -> tuple[dt.date, int]:
    return departure(row.item), -row.people_count


def ordered(chosen: Chosen) -> QuerySet[Item]:
    """Return the items for a list: what is on its way first, then what shipped, the newest change first."""
    return chosen.items().order_by("stage", "-stage_changed_at", "-pk")


@dataclass(frozen=True)
class Departure:
    """A day of the timeline: a release with what it brings, or what has no day yet."""

    release: Release | None
    rows: Sequence[Row]


def timeline(chosen: Chosen) -> list[Departure]:
    """Return what is on its way by the day it leaves, the next day first; what has none stands last.

    What has shipped stands there when that is chosen, the last day first.
    """
    items = chosen.items()
    if not chosen.stage:
        items = items.exclude(stage=Stage.SHIPPED)
    day = "-release__release_date" if chosen.stage == Stage.SHIPPED else "release__release_date"
    dated = items.filter(release__isnull=False).order_by(day, "release", _WANTED, "pk")
    undated = items.filter(release=None).order_by(_WANTED, "-stage_changed_at", "-pk")
    by_release: defaultdict[Release | None, list[Row]] = defaultdict(list)
    for row in rows([*dated[: SHOWN * 2], *undated[:SHOWN]]):
        by_release[row.item.release].append(row)
    return [
        Departure(release, sorted(found, key=lambda row: -row.people_count))
        for release, found in by_release.items()
    ]


@dataclass(frozen=True)
class Horizon:
    """Now, next or later."""

    name: str
    label: Promise
    about: Promise
    rows: Sequence[Row]


def horizons(chosen: Chosen) -> list[Horizon]:
    """Return what is being made or tried, what has a day, and what has none yet."""
    waiting = _in_order(chosen.items().filter(stage__in=_ON_ITS_WAY))
    is_planned = {one.pk for one in waiting if one.stage == Stage.PLANNED}
    has_day = {one.pk for one in waiting if one.release is not None}
    ids = [one.pk for one in waiting]
    parts = (
        (
            "now",
            _("Now"),
            _("Being made, or tried out."),
            [pk for pk in ids if pk not in is_planned],
        ),
        (
            "next",
            _("Next"),
            _("Has a version and a day."),
            [pk for pk in ids if pk in is_planned & has_day],
        ),
        (
            "later",
            _("Later"),
            _("Adopted; the day is open."),
            [pk for pk in ids if pk in is_planned - has_day],
        ),
    )
    by_item = _rows_of(pk for *_names, found in parts for pk in found[:SHOWN])
    return [
        Horizon(
            name,
            label,
            about,
            sorted((by_item[pk] for pk in found[:SHOWN] if pk in by_item), key=_most_wanted_first),
        )
        for name, label, about, found in parts
    ]
