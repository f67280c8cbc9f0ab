"""What the people of a place say in the four-grid reports on its releases."""

import datetime as dt
import random
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from feedback.accounts.models import Role
from feedback.asks.models import Ask
from feedback.roadmap.models import Cell, Item, Report
from feedback.roadmap.models.reports import VERDICTS
from feedback.roadmap.reports.operations import Said, close_report, open_report, send_report
from feedback.roadmap.reports.timetable import OPEN_FOR
from feedback.sample.place.happening import Told, World
from feedback.sample.place.reading import BrokenPlace, Person

#: When a report opens, seen from the Friday on which its release left.
_OPENS = "{left}+4 9:00"
#: Most of those who answer do so within a day and a half, of seven.
_SOON = 0.2
_AFTER_IT_CLOSES = dt.timedelta(minutes=2)


class Reports:
    """What `reports.toml` tells, done by the operations of the reports.

    A report that is not open yet on the day on which the place is loaded opens by itself, as on any site; of one that is
    open those have answered by now who answer early.
    """

    def __init__(
        self,
        world: World,
        path: Path,
        *,
        people: list[Person],
        items: Mapping[str, Item],
        asks: Mapping[str, Ask],
    ) -> None:
        self._world = world
        self._told: Mapping[str, Any] = (
            tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        )
        self._people = [one.key for one in people if one.role == Role.MEMBER]
        self._items = items
        self._asks = asks
        self._reports: dict[str, Report] = {}

    def told(self) -> Iterator[Told]:
        """Yield what happens: each report opens, is filled in by one after the other, and closes. Raises `BrokenPlace`."""
        for version, told in self._told.items():
            opens = _OPENS.format(left=told["left"])
            if not self._world.moments.has_come(opens):
                continue
            at = self._world.at(opens, version)
            first = next(iter(told["items"]))
            yield at, partial(self._open, version, first, at)
            latest = self._world.just_now()
            drawn = random.Random(version)  # noqa: S311
            for who, said in self._filled_in(version, told, drawn).items():
                sent = at + min(0.97, drawn.expovariate(1 / _SOON)) * OPEN_FOR
                if at < sent < latest:
                    yield sent, partial(self._send, version, who, said, sent)
            closes = at + OPEN_FOR + _AFTER_IT_CLOSES
            if closes < latest:
                yield closes, partial(self._close, version, closes)

    def _filled_in(
        self, version: str, told: Mapping[str, Any], drawn: random.Random
    ) -> dict[str, list[Callable[[], Said]]]:
        """Return what each of those who fill in a report says, by their keys; who picks what is drawn."""
        said: dict[str, list[Callable[[], Said]]] = defaultdict(list)
        for who, cell, line, *wish in told["lines"]:
            self._world.person(who, f"reports.toml, {version}")
            said[who].append(partial(self._line, cell, line, *wish))
        others = [who for who in self._people if who not in said]
        crowd = [*said, *drawn.sample(others, told["people"] - len(said))]
        for name, counts in told["items"].items():
            some = drawn.sample(crowd, sum(counts))
            for cell, count in zip(VERDICTS, counts, strict=True):
                for who in some[:count]:
                    said[who].append(partial(self._pick, cell, name))
                some = some[count:]
        for wish, count in told["waiting"].items():
            for who in drawn.sample(crowd, count):
                said[who].append(partial(self._wait, wish))
        return said

    def _pick(self, cell: str, name: str) -> Said:
        return Said(cell, item=self._items[name])

    def _wait(self, wish: str) -> Said:
        return Said(Cell.WAITING_FOR, ask=self._asks[wish])

    def _line(self, cell: str, line: str, wish: str = "") -> Said:
        if wish and wish not in self._asks:
            raise BrokenPlace(f"reports.toml: no ask is called “{wish}” by then.")
        return Said(cell, text=line, ask=self._asks[wish] if wish else None)

    def _open(self, version: str, first: str, at: dt.datetime) -> None:
        item = Item.objects.select_related("release__product").get(pk=self._items[first].pk)
        if item.release is None or item.release.version != version:
            raise BrokenPlace(f"reports.toml: “{first}” is not in {version}.")
        report = open_report(release=item.release, now=at)
        assert report is not None
        self._reports[version] = report

    def _send(
        self, version: str, who: str, said: list[Callable[[], Said]], at: dt.datetime
    ) -> None:
        person = self._world.person(who, "reports.toml")
        report = self._reports[version]
        send_report(report=report, person=person, said=[one() for one in said], now=at)

    def _close(self, version: str, at: dt.datetime) -> None:
        close_report(self._reports[version], now=at)
