"""The trains of a place: each release is planned, calls at its stops, says what it says, and leaves on its Friday."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from feedback.accounts.models import User
from feedback.forum.models import Product
from feedback.roadmap.models import Item, Release
from feedback.roadmap.stops import Stop
from feedback.roadmap.train import editing
from feedback.roadmap.train import operations as train
from feedback.roadmap.train.leaving import leave
from feedback.roadmap.train.queries import train_of
from feedback.sample.place.happening import Told, World

_BEFORE = (Stop.BUILD, Stop.PREVIEW, Stop.BETA)


class Departures:
    """What `story.toml` tells of its releases, done by the operations of the train."""

    def __init__(self, world: World, told: Mapping[str, Any], items: Mapping[str, Item]) -> None:
        self._world = world
        self._told = told
        self._items = items
        self._lines: dict[str, dict[str, str]] = {version: {} for version in told}

    def takes(self, version: str, name: str, line: str) -> None:
        """Have the item ``name`` leave with ``version``, and the changelog say ``line`` of it."""
        self._lines[version][name] = line

    def __contains__(self, version: str) -> bool:
        return version in self._told

    def told(self) -> Iterator[Told]:
        """Yield what happens. A stop whose day is still to come does not."""
        today = self._world.moments.today
        for version, told in self._told.items():
            by = partial(self._world.person, told["by"], "story.toml")
            friday = self._world.moments.friday(told["friday"])
            at = self._world.at(told["planned"], version)
            yield at, partial(self._plan, version, friday, by, at)
            days = train_of(self._product).days(friday)
            for hour, stop in enumerate(_BEFORE, start=10):
                if days[stop] <= today:
                    at = self._world.at(f"-{(today - days[stop]).days} {hour}:00", version)
                    yield at, partial(self._call, version, stop, by, at)
                    if stop == Stop.PREVIEW and "notes" in told:
                        yield at, partial(self._write, version, told["notes"], by, at)
            if "left" in told:
                at = self._world.at(told["left"], version)
                yield at, partial(self._leave, version, by, at)
                for when, english, chinese in told.get("problems", []):
                    at = self._world.at(when, version)
                    yield at, partial(self._admit, version, english, chinese, by, at)

    @property
    def _product(self) -> Product:
        return next(iter(self._world.boards.values())).product

    def _release(self, version: str) -> Release:
        return Release.objects.get(product=self._product, version=version)

    def _plan(self, version: str, friday: dt.date, by: Callable[[], User], at: dt.datetime) -> None:
        train.plan_release(
            product=self._product, version=version, release_date=friday, actor=by(), now=at
        )

    def _call(self, version: str, stop: Stop, by: Callable[[], User], at: dt.datetime) -> None:
        train.move_release(release=self._release(version), stop=stop, actor=by(), now=at)

    def _write(
        self, version: str, notes: Mapping[str, str], by: Callable[[], User], at: dt.datetime
    ) -> None:
        """Have the notes drafted by the machine, then edited in the languages that somebody wrote."""
        release = editing.draft_notes(release=self._release(version), actor=by(), now=at)
        editing.change_notes(
            release=release,
            notes_en=notes.get("en", release.notes_en),
            notes_zh=notes.get("zh", release.notes_zh),
            actor=by(),
            now=at,
        )

    def _leave(self, version: str, by: Callable[[], User], at: dt.datetime) -> None:
        lines = self._lines[version]
        leave(
            release=self._release(version),
            items=[self._items[name] for name in lines],
            texts={self._items[name].pk: line for name, line in lines.items()},
            actor=by(),
            now=at,
        )

    def _admit(
        self, version: str, english: str, chinese: str, by: Callable[[], User], at: dt.datetime
    ) -> None:
        editing.add_problem(
            release=self._release(version), text=english, text_zh=chinese, actor=by(), now=at
        )
