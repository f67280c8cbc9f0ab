"""What the team of a place asks under its posts, and what its people answer."""

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from feedback.accounts.models import Role
from feedback.forum.models import Poll
from feedback.forum.polls.operations import answer_poll, make_poll
from feedback.sample.place.happening import Told, World
from feedback.sample.place.reading import BrokenPlace, Person


class Polls:
    """The polls that `story.toml` tells: each under the post of that title, with how many people chose each answer."""

    def __init__(self, world: World, told: Mapping[str, Any], people: list[Person]) -> None:
        self._world = world
        self._told = told
        self._members = [one for one in people if one.role == Role.MEMBER]
        self._polls: dict[str, Poll] = {}

    def told(self) -> Iterator[Told]:
        """Yield what happens: each is asked and then answered by one after the other. Raises `BrokenPlace`."""
        for name, told in self._told.items():
            asked = self._world.at(told["asked"], name)
            latest = self._world.just_now()
            yield asked, partial(self._ask, name, told, asked)
            drawn = random.Random(name)  # noqa: S311
            choices = [at for at, number in enumerate(told["chosen"]) for _ in range(number)]
            there = [one for one in self._members if one.joined > (latest - asked).days]
            if len(there) < len(choices):
                raise BrokenPlace(f"story.toml: more people answer “{name}” than live there.")
            for one, choice in zip(drawn.sample(there, len(choices)), choices, strict=True):
                # Most answer soon.
                at = asked + (latest - asked) * drawn.random() ** 2
                yield at, partial(self._answer, name, one.key, choice, at)

    def _ask(self, name: str, told: Mapping[str, Any], at: dt.datetime) -> None:
        post = self._world.titled(told["post"])
        self._polls[name] = make_poll(
            post=post,
            question=told["question"],
            options=told["options"],
            closes_at=at + dt.timedelta(days=told["open_for"]),
            actor=self._world.person(told["by"], name),
            now=at,
        )

    def _answer(self, name: str, key: str, choice: int, at: dt.datetime) -> None:
        poll = self._polls[name]
        option = poll.options.order_by("position")[choice]
        answer_poll(poll=poll, person=self._world.person(key, name), options=[option.pk], now=at)
