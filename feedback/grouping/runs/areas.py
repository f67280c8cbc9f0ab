"""Arranging asks into areas after a run: what people said stays, the rest follows the engine."""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from feedback.asks.areas.counts import counted, set_counts
from feedback.asks.locking import hold_grouping
from feedback.asks.models import OPEN, Area, Ask, Decision, Membership, PlacementAttempt
from feedback.asks.models.areas import NAME_LENGTH
from feedback.asks.standing import watermark
from feedback.forum.models import Product
from feedback.grouping.models import Run
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import clock, text
from feedback.kernel.batches import batches
from feedback.kernel.turns import turn

if TYPE_CHECKING:
    from feedback.engine import Areas, Corpus, FoundArea, Space

logger = logging.getLogger(__name__)

#: A proposed area keeps its name while this share of its asks, old and new, is the same.
_STILL_THE_SAME = 0.6


@dataclass(frozen=True)
class _Said:
    """What people said about areas, and where the machine has asks, by public id."""

    titles: dict[str, str]
    held: dict[str, str]
    aside: set[str]
    closed: list[set[str]]
    previous: dict[str, str]


def arrange_areas(corpus: "Corpus", *, space: "Space", run: Run) -> "Areas | None":
    """Find the areas of the asks as they are now, and write them; returns what the engine found.

    Asks in a public area, in one that a person named, or put by a person, stay; public areas only gain asks. Lock
    contract: computed outside any transaction, and anew when somebody decided meanwhile; given up for this run when it
    happens three times. The areas are written in one transaction under `hold_grouping`, then asks and posts come into
    them, some at a time, as far as they may still.
    """
    from feedback.engine import Areas, Asks  # loads scipy; the web need not

    for _ in range(3):
        mark = watermark()
        said = _read(run.product)
        homes: dict[int | str, str] = dict(
            Membership.objects.filter(ask__product=run.product, ask__state__in=OPEN).values_list(
                "post", "ask__public_id"
            )
        )
        #: In an ask, or they say too little to stand anywhere.
        settled = set(Membership.objects.values_list("post", flat=True)) | set(
            PlacementAttempt.objects.exclude(boilerplate="").values_list("post", flat=True)
        )
        found = Areas().fit(
            Asks.of(corpus, space, homes, said.titles),
            held=said.held,
            aside=said.aside,
            closed=said.closed,
            previous=said.previous,
        )
        alone = [row for row, pk in enumerate(corpus.ids) if pk not in settled]
        posts = {int(pk): key for pk, key in found.place(corpus, space, alone).items()}
        if _Writing(found, posts, said=said, run=run, now=clock.now()).write(mark):
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

    def write(self, mark: tuple[int, int]) -> bool:
        """Bring areas, asks and posts without an ask to what was found; return False when somebody decided since ``mark``."""
        with turn():
            hold_grouping()
            if watermark() != mark:
                return False
            gone, new = self._areas()
        moved = self._move_asks()
        self._place_posts()
        counts = counted(
            {area.pk for area in self.areas.values() if area.is_live}
            | {area.pk for area in self.home.values()}
        )
        with turn():
            hold_grouping()
            # What somebody decided since may have changed any of them.
            set_counts(counts if watermark() == mark else counted(counts))
            left = Area.objects.proposed().filter(name_source=Area.Source.MACHINE)
            left.filter(pk__in=[area.pk for area in gone]).exclude(
                asks__area_source=Ask.Source.PERSON
            ).update(state=Area.State.RETIRED)
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
        return True

    def _areas(self) -> tuple[list[Area], int]:
        """Write the areas themselves; return those that are no more, and how many are new."""
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
        return gone, new

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
        before = (area.keywords, area.name)
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
        if before != (area.keywords, area.name):
            area.save(update_fields=["keywords", "name"])

    def _move_asks(self) -> list[str]:
        """Write where asks are; returns the asks that the machine put into a public area."""
        to: dict[int | None, list[int]] = defaultdict(list)
        arrived = []
        here = Ask.objects.open().filter(product=self.run.product)
        for ask in here.select_related("area"):
            if ask.area_source == Ask.Source.PERSON and (ask.area is None or ask.area.is_live):
                continue
            key = self.found.home_.get(ask.public_id)
            area = self.home.get(key) if key is not None else None
            if area is None:
                if ask.area_id is not None and ask.public_id not in self.said.held:
                    to[None].append(ask.pk)
            elif ask.area_id != area.pk:
                to[area.pk].append(ask.pk)
                if area.is_public and ask.is_public:
                    arrived.append(ask.public_id)
        by_machine = Ask.objects.exclude(
            Q(area=None) | Q(area__state__in=OPEN), area_source=Ask.Source.PERSON
        )
        for area_pk, some in _pieces(to):
            with turn():
                hold_grouping()
                if _may_hold(area_pk):
                    by_machine.filter(pk__in=some).update(
                        area=area_pk, area_source=Ask.Source.MACHINE if area_pk else ""
                    )
        return arrived

    def _place_posts(self) -> None:
        """Write the areas of posts without an ask, where that changed."""
        wanted = {pk: self.home[key].pk for pk, key in self.posts.items() if key in self.home}
        to: dict[int | None, list[int]] = defaultdict(list)
        for pk, post, area in PlacementAttempt.objects.filter(
            post__board__product=self.run.product, post__membership__isnull=True
        ).values_list("pk", "post", "area"):
            if area != wanted.get(post):
                to[wanted.get(post)].append(pk)
        for area_pk, some in _pieces(to):
            with turn():
                hold_grouping()
                if _may_hold(area_pk):
                    PlacementAttempt.objects.filter(pk__in=some).update(area=area_pk)


def _pieces(to: Mapping[int | None, list[int]]) -> Iterator[tuple[int | None, list[int]]]:
    for area_pk, pks in to.items():
        for some in batches(pks):
            yield area_pk, some


def _may_hold(area_pk: int | None) -> bool:
    """Whether an area is still there: a person may have dissolved it meanwhile. Out of areas (None) one may always go."""
    return area_pk is None or Area.objects.open().filter(pk=area_pk).exists()
