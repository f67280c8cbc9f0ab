"""Telling a place again: everything its people and its team did, by the operations that do it on any site.

Each happening is done as of its own time, oldest first. Nothing is written past an operation, so a place has what a
site has that lived through it: counts, votes, journal, credits, notices.
"""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from django.db import transaction

from feedback.accounts.operations import bring_person
from feedback.asks.areas.counts import recount_areas
from feedback.asks.counts import recount
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Area
from feedback.forum.models import Board
from feedback.sample.place.happening import World
from feedback.sample.place.moments import Moments
from feedback.sample.place.pictures import Pictures
from feedback.sample.place.reading import people_of, posts_of
from feedback.sample.place.reports import Reports
from feedback.sample.place.speech import Speech
from feedback.sample.place.story import Story


@dataclass(order=True)
class Happening:
    """Something that is done at a time. Of two at once, the one that was told first comes first."""

    at: dt.datetime
    told: int
    do: Callable[[], object] = field(compare=False)


class Place:
    """A place as its files tell it."""

    def __init__(
        self,
        folder: Path,
        *,
        source: str,
        boards: Collection[Board],
        moments: Moments,
        now: dt.datetime,
    ) -> None:
        """Have its people move in; ``source`` is the name under which they are known."""
        people = people_of(folder / "people.md")
        world = World(
            people={
                one.key: bring_person(
                    origin_key=f"{source}:{one.key}",
                    display_name=one.name,
                    role=one.role,
                    language={"zh": "zh-hans", "en": "en"}.get(one.language, ""),
                    bio=one.bio,
                    joined_at=now - dt.timedelta(days=one.joined, minutes=len(one.key) * 97),
                )
                for one in people
            },
            boards={board.slug: board for board in boards},
            moments=moments,
        )
        self._speech = Speech(
            world,
            people=people,
            posts=posts_of(folder / "posts"),
            pictures=Pictures(folder / "pictures"),
        )
        self._story = Story(world, folder / "story.toml", people=people)
        self._reports = Reports(
            world,
            folder / "reports.toml",
            people=people,
            items=self._story.items,
            asks=self._story.asks,
        )

    def happenings(self) -> list[Happening]:
        """Return everything that is told, oldest first. Raises `BrokenPlace`."""
        told = list(self._speech.told())
        decided = [*self._story.told(), *self._reports.told()]
        told += [(at, partial(self._decide, do)) for at, do in decided]
        return sorted(Happening(at, number, do) for number, (at, do) in enumerate(told))

    def _decide(self, do: Callable[[], object]) -> None:
        self._speech.cast_votes()
        do()

    def come_to_rest(self) -> None:
        """Bring the last votes, and count who is behind each ask."""
        self._speech.cast_votes()
        asks = [ask.pk for ask in self._story.asks.values()]
        recount(asks)
        with transaction.atomic():
            hold_grouping()
            recount_areas(
                Area.objects.filter(asks__in=asks).values_list("pk", flat=True).distinct()
            )
