"""Reading the roadmap as a whole, by what a reader chose to see of it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.asks.models import Area, Ask
from feedback.asks.queries import sources_of
from feedback.asks.stages import Stage
from feedback.forum.models import Product
from feedback.forum.products.queries import within
from feedback.roadmap.models import Item, ItemAsk, Release
from feedback.roadmap.queries import (
    PLATFORMS,
    SHIPPED_SHOWN,
    Platform,
    Row,
    departure,
    followed,
    rows,
)

#: The ways to look at it, by their name in the address.
VIEWS: dict[str, Promise] = {
    "board": pgettext_lazy("roadmap view", "Board"),
    "list": _("List"),
    "timeline": _("Timeline"),
    "horizon": _("Now, next, later"),
}
#: Items of one platform, or of one horizon, that a page shows; a list has pages for the rest.
SHOWN = 40
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
_MOVING = tuple(stage for stage in PLATFORMS if stage != Stage.SHIPPED)


@dataclass(frozen=True)
class Chosen:
    """What a reader chose to see."""

    view: str = "board"
    product: Product | None = None
    area: Area | None = None
    stage: str = ""

    def items(self) -> QuerySet[Item]:
        """Return the items that are left, without those that were declined."""
        chosen = Q(within(self.product), stage__in=PLATFORMS)
        if self.stage:
            chosen &= Q(stage=self.stage)
        found = Item.objects.filter(chosen)
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


def chosen_of(view: str, stage: str, area: str, product: Product | None) -> Chosen:
    """Return what an address asks for; what it names and is not there is not chosen."""
    return Chosen(
        view if view in VIEWS else "board",
        product,
        areas(product).filter(public_id=area).first() if area else None,
        stage if stage in PLATFORMS else "",
    )


def areas(product: Product | None) -> QuerySet[Area]:
    """Return the public areas that something on the roadmap belongs to, by name; an ask that was joined lies where it went."""
    answered = Ask.objects.filter(
        within(product, "item_link__item__product"), item_link__isnull=False
    )
    joined = answered.filter(joined_into__isnull=False).values_list("pk", flat=True)
    became = list(followed(list(joined)).values())
    live = Ask.objects.filter(Q(pk__in=answered.values("pk")) | Q(pk__in=became), joined_into=None)
    return Area.objects.filter(pk__in=live.values("area"), state=Area.State.PUBLIC).order_by("name")


def platforms(chosen: Chosen) -> list[Platform]:
    """Return the platforms of the board; on each, what leaves first and what most people wait for stands first."""
    shown: dict[Stage, list[Item]] = {}
    for stage in PLATFORMS:
        if chosen.stage and stage != chosen.stage:
            continue
        items = chosen.items().filter(stage=stage)
        if stage == Stage.SHIPPED:
            shown[stage] = list(items.order_by("-stage_changed_at", "-pk")[:SHIPPED_SHOWN])
        else:
            shown[stage] = _soonest(items)
    by_item = {row.item.pk: row for row in rows([one for here in shown.values() for one in here])}
    found = []
    for stage, here in shown.items():
        its_rows = [by_item[item.pk] for item in here]
        most = SHIPPED_SHOWN if stage == Stage.SHIPPED else SHOWN
        total = len(here) if len(here) < most else chosen.items().filter(stage=stage).count()
        if stage != Stage.SHIPPED:
            its_rows.sort(key=_most_wanted_first)
        found.append(Platform(stage, its_rows, total))
    return found


def _soonest(items: QuerySet[Item]) -> list[Item]:
    day = F("release__release_date").asc(nulls_last=True)
    return list(items.order_by(day, _WANTED, "-stage_changed_at", "-pk")[:SHOWN])


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
        items = items.filter(stage__in=_MOVING)
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
    items = chosen.items()
    planned = items.filter(stage=Stage.PLANNED)
    parts = (
        (
            "now",
            _("Now"),
            _("Being made, or tried out."),
            items.filter(stage__in=(Stage.IN_PROGRESS, Stage.BETA)),
        ),
        ("next", _("Next"), _("Has a version and a day."), planned.exclude(release=None)),
        ("later", _("Later"), _("Adopted; the day is open."), planned.filter(release=None)),
    )
    shown = {name: _soonest(found) for name, _label, _about, found in parts}
    by_item = {row.item.pk: row for row in rows([one for here in shown.values() for one in here])}
    return [
        Horizon(
            name,
            label,
            about,
            sorted((by_item[item.pk] for item in shown[name]), key=_most_wanted_first),
        )
        for name, label, about, _found in parts
    ]
