"""What the team of a place does: the asks it makes, answers and declines, and what becomes of them on the roadmap."""

import datetime as dt
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from feedback.accounts.models import User
from feedback.asks.answers import answer_ask, decline_ask
from feedback.asks.areas.operations import make_area
from feedback.asks.decisions.contest import contest
from feedback.asks.decisions.shape import join_asks, move_posts, start_ask
from feedback.asks.models import Ask
from feedback.forum.models import Post
from feedback.roadmap import operations as roadmap
from feedback.roadmap.models import Item
from feedback.sample.place.briefs import Briefs
from feedback.sample.place.departures import Departures
from feedback.sample.place.happening import Told, World
from feedback.sample.place.polls import Polls
from feedback.sample.place.reading import Person


class Story:
    """What `story.toml` tells, done by the operations of the desk and the roadmap."""

    def __init__(self, world: World, path: Path, *, people: list[Person]) -> None:
        self._world = world
        self._story: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        self.asks: dict[str, Ask] = {}
        self.items: dict[str, Item] = {}
        self._polls = Polls(world, self._story.get("poll", {}), people)
        self._briefs = Briefs(world, self._story.get("brief", {}))
        self._departures = Departures(world, self._story.get("release", {}), self.items)

    def told(self) -> Iterator[Told]:
        """Yield what happens: ask by ask, item by item, area by area. Raises `BrokenPlace`."""
        for wish, told in self._story.get("ask", {}).items():
            by = self._member(told["by"])
            at = self._world.at(told["begun"], wish)
            yield at, partial(self._start, wish, told["title"], by, at)
            for when in told.get("more", []):
                at = self._world.at(when, wish)
                yield at, partial(self._add, wish, by, at)
            for when, who, body in told.get("answers", []):
                at = self._world.at(when, wish)
                yield at, partial(self._answer, wish, body, self._member(who), at)
            if "declined" in told:
                when, reason = told["declined"]
                at = self._world.at(when, wish)
                yield at, partial(self._decline, wish, reason, by, at)
            if "joined" in told:
                when, into = told["joined"]
                at = self._world.at(when, wish)
                yield at, partial(self._join, wish, into, by, at)
            yield from self._contests(told)
        for name, told in self._story.get("item", {}).items():
            yield from self._built(name, told)
        yield from self._departures.told()
        yield from self._polls.told()
        yield from self._briefs.told()
        for name, told in self._story.get("area", {}).items():
            at = self._world.at(told["made"], name)
            yield (
                at,
                partial(self._gather, told["name"], told["asks"], self._member(told["by"]), at),
            )

    def _contests(self, told: Mapping[str, Any]) -> Iterator[Told]:
        for when, title in told.get("contested", []):
            at = self._world.at(when, title)
            yield at, partial(self._contest, title, at)

    def _built(self, name: str, told: Mapping[str, Any]) -> Iterator[Told]:
        """Yield what became of one item of the roadmap."""
        by = self._member(told["by"])
        at = self._world.at(told["adopted"], name)
        yield at, partial(self._adopt, name, told, by, at)
        for when, stage in told.get("moved", []):
            at = self._world.at(when, name)
            yield at, partial(self._move, name, stage, by, at)
        when, version, line = told.get("shipped", ("", "", ""))
        if version and version not in self._departures:
            at = self._world.at(when, name)
            day = self._world.moments.friday(when.partition(" ")[0])
            yield at, partial(self._ship, name, version, line, day, by, at)
            return
        if version:
            self._departures.takes(version, name, line)
            goal = version, when.partition(" ")[0]
        else:
            goal = told.get("coming", ("", ""))
        if goal[0]:
            at = self._world.at(told["moved"][-1][0] if "moved" in told else told["adopted"], name)
            yield at, partial(self._plan, name, told, *goal, by, at)

    def _start(self, wish: str, title: str, by: Callable[[], User], at: dt.datetime) -> None:
        decision = start_ask(
            posts=self._world.asking.get(wish, []), title=title, actor=by(), now=at
        )
        assert decision.ask is not None
        self.asks[wish] = decision.ask

    def _add(self, wish: str, by: Callable[[], User], at: dt.datetime) -> None:
        """Bring the posts that came since into their ask."""
        came = [
            post
            for post in self._world.asking.get(wish, [])
            if not hasattr(Post.objects.get(pk=post.pk), "membership")
        ]
        if came:
            move_posts(posts=came, to=self.asks[wish], actor=by(), now=at)

    def _answer(self, wish: str, body: str, by: Callable[[], User], at: dt.datetime) -> None:
        answer_ask(ask=self.asks[wish], body=body, actor=by(), now=at)

    def _decline(self, wish: str, reason: str, by: Callable[[], User], at: dt.datetime) -> None:
        decline_ask(ask=self.asks[wish], reason=reason, actor=by(), now=at)

    def _join(self, wish: str, into: str, by: Callable[[], User], at: dt.datetime) -> None:
        join_asks(ask=self.asks[wish], into=self.asks[into], actor=by(), now=at)

    def _gather(
        self, name: str, wishes: Collection[str], by: Callable[[], User], at: dt.datetime
    ) -> None:
        make_area(name=name, asks=[self.asks[wish] for wish in wishes], actor=by(), now=at)

    def _contest(self, title: str, at: dt.datetime) -> None:
        post = self._world.titled(title)
        contest(post=post, author=post.author, now=at)

    def _adopt(
        self, name: str, told: Mapping[str, Any], by: Callable[[], User], at: dt.datetime
    ) -> None:
        first, *others = told["asks"]
        item = roadmap.adopt(
            ask=self.asks[first],
            title=told["title"],
            summary=told.get("summary", ""),
            actor=by(),
            now=at,
        )
        for wish in others:
            roadmap.link_ask(item=item, ask=self.asks[wish], actor=by(), now=at)
        self.items[name] = item

    def _move(self, name: str, stage: str, by: Callable[[], User], at: dt.datetime) -> None:
        roadmap.move(item=self.items[name], stage=stage, actor=by(), now=at)

    def _plan(
        self,
        name: str,
        told: Mapping[str, Any],
        version: str,
        friday: str,
        by: Callable[[], User],
        at: dt.datetime,
    ) -> None:
        """Say with which version it comes."""
        roadmap.edit_item(
            item=self.items[name],
            title=told["title"],
            summary=told.get("summary", ""),
            version=version,
            release_date=self._world.moments.friday(friday),
            actor=by(),
            now=at,
        )

    def _ship(
        self,
        name: str,
        version: str,
        line: str,
        day: dt.date,
        by: Callable[[], User],
        at: dt.datetime,
    ) -> None:
        roadmap.ship(
            item=self.items[name], version=version, text=line, release_date=day, actor=by(), now=at
        )

    def _member(self, key: str) -> Callable[[], User]:
        return partial(self._world.person, key, "story.toml")
