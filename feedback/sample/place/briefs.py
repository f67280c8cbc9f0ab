"""The weekly briefs that the team of a place publishes."""

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from feedback.briefs.drafting.week import Week
from feedback.briefs.operations import draft_brief, publish_brief
from feedback.sample.place.happening import Told, World


class Briefs:
    """The briefs that `story.toml` tells: each of the week before the day on which it is published, as it was drafted."""

    def __init__(self, world: World, told: Mapping[str, Any]) -> None:
        self._world = world
        self._told = told

    def told(self) -> Iterator[Told]:
        """Yield what happens. Raises `BrokenPlace`."""
        for name, told in self._told.items():
            at = self._world.at(told["published"], name)
            yield at, partial(self._publish, name, told, at)

    def _publish(self, name: str, told: Mapping[str, Any], at: dt.datetime) -> None:
        board = self._world.board(told["board"], name)
        by = self._world.person(told["by"], name)
        week = Week.of(at.date()).before(1)
        brief = draft_brief(product=board.product, week=week, actor=by, now=at)
        publish_brief(brief=brief, board=board, actor=by, now=at)
