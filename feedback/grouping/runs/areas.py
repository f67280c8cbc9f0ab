"""Arranging asks into areas after a run: what people said stays, the rest follows the engine."""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from feedback.asks.areas.counts import recount_areas
from feedback.asks.locking import hold_grouping
from feedback.asks.models import OPEN, Area, Ask, Decision, Membership, PlacementAttempt
from feedback.asks.models.areas import NAME_LENGTH
from feedback.asks.standing import watermark
from feedback.forum.models import Product
from feedback.grouping.models import Run
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import clock, text

if TYPE_CHECKING:
    from feedback.engine import Areas, Corpus, FoundArea, Space

logger = logging.getLogger(__name__)

#: A proposed area keeps its name while this share of its asks, old and new, is the same.
_STILL_THE_SAME = 0.6
_CHUNK = 500


@dataclass(frozen=True)
class _Said:
    """What people said about areas, and where the machine has asks, by public id."""

    titles: dict[str, str]
    held: dict[str, str]
    aside: set[str]
    closed: list[set[str]]
    previous: dict[str, str]


def arrange_areas(
    corpus: "Corpus", *, space: "Space", idle: Collection[int], run: Run
) -> "Areas | None":
    """Find the areas of the asks as they are now, and write them; returns what the engine found.

    ``idle`` are the rows of ``corpus`` that say too little to stand anywhere. Asks in a public area, in one that a
    person named, or put by a person, stay; public areas only gain asks. Lock contract: computed outside any
    transaction, written in one under `hold_grouping`; computed anew when somebody decided meanwhile, and given up
    for this run when it happens three times.
    """
    from feedback.engine import Areas, Asks  # loads scipy; the web need not

    silent = set(map(int, idle))
    for _ in range(3):
        mark = watermark()
        said = _read(run.product)
        homes: dict[int | str, str] = dict(
            Membership.objects.filter(ask__product=run.product, ask__state__in=OPEN).values_list(
                "post", "ask__public_id"
            )
        )
        everywhere = set(Membership.objects.values_list("post", flat=True))
        found = Areas().fit(
            Asks.of(corpus, space, homes, said.titles),
            held=said.held,
            aside=said.aside,
            closed=said.closed,
            previous=said.previous,
        )
        alone = [
            row for row, pk in enumerate(corpus.ids) if row not in silent and pk not in everywhere
        ]
        posts = {int(pk): key for pk, key in found.place(corpus, space, alone).items()}
        with transaction.atomic():
            hold_grouping()
            if watermark() == mark:
                _Writing(found, posts, said=said, run=run, now=clock.now()).write()
                return found
    logger.warning("Areas were not arranged after run %s: people kept deciding.", run.pk)
    return None


def _read(product: Product) -> _Said:
    titles, held, previous = {}, {}, {}
    aside: set[str] = set()
    asks = Ask.objects.open().filter(product=product).select_related("area")
    for ask in asks.only("public_id", "title", "area_source", "area"):
        key, area = ask.public_id, ask.area
        titles[key] = ask.title
        by_person = ask.area_source == Ask.Source.PERSON
        if area is None or not area.is_live:
            if area is None and by_person:
                aside.add(key)
        elif by_person or area.is_public or area.name_source == Area.Source.PERSON:
            held[key] = area.public_id
        else:
            previous[key] = area.public_id
    names = dict(Ask.objects.filter(product=product).values_list("pk", "public_id"))
    closed = [
        {names[int(pk)] for pk in before.get("asks", {}) if int(pk) in names}
        for before in Decision.objects.filter(
            kind=Decision.Kind.AREA_CLOSE, area__product=product, undone_at__isnull=True
        ).values_list("before", flat=True)
    ]
    return _Said(titles, held, aside, closed, previous)


class _Writing:
    """One arrangement on its way into the tables."""

    def __init__(
        self,
        found: "Areas",
        posts: Mapping[int, str],
        *,
        said: _Said,
        run: Run,
        now: dt.datetime,
    ) -> None:
        self.found, self.posts, self.said, self.run, self.now = found, posts, said, run, now
        self.areas = {area.public_id: area for area in Area.objects.filter(product=run.product)}
        self.names = {
            text.fold(area.name): area.public_id for area in self.areas.values() if area.is_live
        }
        #: The engine's key of an area, and the area it is here.
        self.home: dict[str, Area] = {}

    def write(self) -> None:
        """Bring areas, asks and posts without an ask to what was found."""
        old: dict[str, set[str]] = defaultdict(set)
        for ask, key in self.said.previous.items():
            old[key].add(ask)
        gone = [
            area
            for area in self.areas.values()
            if area.state == Area.State.PROPOSED
            and area.name_source == Area.Source.MACHINE
            and area.public_id not in {one.key for one in self.found.areas_}
            and area.public_id not in self.said.held.values()
        ]
        for area in gone:
            self.names.pop(text.fold(area.name), None)
        new = 0
        for one in self.found.areas_:
            known = self.areas.get(one.key)
            if known is None or not known.is_live:
                known = Area.objects.create(
                    product=self.run.product,
                    name=self._free_name(one),
                    keywords=list(one.keywords),
                    created_at=self.now,
                )
                new += 1
            else:
                self._freshen(known, one, old[one.key])
            self.home[one.key] = known
            self.names[text.fold(known.name)] = known.public_id
        moved = self._move_asks()
        Area.objects.filter(pk__in=[area.pk for area in gone]).update(state=Area.State.RETIRED)
        self._place_posts()
        recount_areas(area.pk for area in self.areas.values() if area.is_live)
        recount_areas(area.pk for area in self.home.values())
        if new or gone or moved:
            journal.write(
                verb=Verb.AREAS_ARRANGED,
                subject=self.run,
                actor_id=None,
                now=self.now,
                data={
                    "areas": len(self.home),
                    "new": new,
                    "gone": len(gone),
                    # What the public sees change: asks that came into a confirmed area.
                    "placed": moved,
                },
            )

    def _free_name(self, one: "FoundArea", own: str = "") -> str:
        """Return the found name, with more of its words or a number when another area is called so."""
        name = one.name[:NAME_LENGTH]
        if self.names.get(text.fold(name), own) == own:
            return name
        joint = "、" if text.language_of(name) == "zh" else ", "
        for word in one.keywords:
            longer = f"{name}{joint}{word}"
            if len(longer) <= NAME_LENGTH and text.fold(longer) not in self.names:
                return longer
        number = 2
        while text.fold(f"{name[: NAME_LENGTH - 4]} {number}") in self.names:
            number += 1
        return f"{name[: NAME_LENGTH - 4]} {number}"

    def _freshen(self, area: Area, one: "FoundArea", old: set[str]) -> None:
        """Keep the words current; and the name while nobody has said anything about it and it still fits."""
        area.keywords = list(one.keywords)
        now = set(one.asks)
        same = len(now & old) / max(len(now | old), 1)
        if (
            area.state == Area.State.PROPOSED
            and area.name_source == Area.Source.MACHINE
            and same < _STILL_THE_SAME
        ):
            self.names.pop(text.fold(area.name), None)
            area.name = self._free_name(one, area.public_id)
        area.save(update_fields=["keywords", "name"])

    def _move_asks(self) -> list[str]:
        """Write where asks are; returns the asks that the machine put into a public area."""
        to: dict[int, list[int]] = defaultdict(list)
        out: list[int] = []
        arrived = []
        here = Ask.objects.open().filter(product=self.run.product)
        for ask in here.select_related("area"):
            if ask.area_source == Ask.Source.PERSON and (ask.area is None or ask.area.is_live):
                continue
            key = self.found.home_.get(ask.public_id)
            area = self.home.get(key) if key is not None else None
            if area is None:
                if ask.area_id is not None and ask.public_id not in self.said.held:
                    out.append(ask.pk)
            elif ask.area_id != area.pk:
                to[area.pk].append(ask.pk)
                if area.is_public and ask.is_public:
                    arrived.append(ask.public_id)
        for start in range(0, len(out), _CHUNK):
            Ask.objects.filter(pk__in=out[start : start + _CHUNK]).update(area=None, area_source="")
        for area_pk, asks in to.items():
            for start in range(0, len(asks), _CHUNK):
                Ask.objects.filter(pk__in=asks[start : start + _CHUNK]).update(
                    area=area_pk, area_source=Ask.Source.MACHINE
                )
        return arrived

    def _place_posts(self) -> None:
        """Write the areas of posts without an ask, where that changed."""
        wanted = {pk: self.home[key].pk for pk, key in self.posts.items() if key in self.home}
        now: dict[int | None, list[int]] = defaultdict(list)
        for pk, post, area in PlacementAttempt.objects.filter(
            post__board__product=self.run.product, post__membership__isnull=True
        ).values_list("pk", "post", "area"):
            if area != wanted.get(post):
                now[wanted.get(post)].append(pk)
        for home, placements in now.items():
            for start in range(0, len(placements), _CHUNK):
                PlacementAttempt.objects.filter(pk__in=placements[start : start + _CHUNK]).update(
                    area=home
                )
