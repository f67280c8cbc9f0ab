"""What happens in a place, and who looks up what its files name."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from feedback.accounts.models import User
from feedback.forum.models import Board, Post
from feedback.sample.place.moments import Moments
from feedback.sample.place.reading import BrokenPlace

#: When, and what is done then.
Told = tuple[dt.datetime, Callable[[], object]]


@dataclass
class World:
    """The people and boards of a place, and what has been posted there so far."""

    people: Mapping[str, User]
    boards: Mapping[str, Board]
    moments: Moments
    #: By where it is written.
    posts: dict[str, Post] = field(default_factory=dict)
    #: The posts that ask for a thing, by the mark of it.
    asking: dict[str, list[Post]] = field(default_factory=dict)

    def at(self, when: str, where: str, *, after: dt.datetime | None = None) -> dt.datetime:
        """Return the moment that ``when`` names. Raises `BrokenPlace`."""
        try:
            return self.moments.at(when, after=after)
        except ValueError as error:
            raise BrokenPlace(f"{where}: {error}") from None

    def just_now(self) -> dt.datetime:
        """Return the last moment at which anything happens."""
        return self.at("-0m", "")

    def person(self, key: str, where: str) -> User:
        """Return who is called ``key``. Raises `BrokenPlace`."""
        if key not in self.people:
            raise BrokenPlace(f"{where}: nobody is called “{key}”.")
        return self.people[key]

    def titled(self, title: str) -> Post:
        """Return the post that has been published under ``title``. Raises `BrokenPlace`."""
        found = next((one for one in self.posts.values() if one.title == title), None)
        if found is None:
            raise BrokenPlace(f"story.toml: nobody has posted “{title}” by then.")
        return found

    def board(self, slug: str, where: str) -> Board:
        """Return the board ``slug``. Raises `BrokenPlace`."""
        if slug not in self.boards:
            raise BrokenPlace(f"{where}: there is no board “{slug}”.")
        return self.boards[slug]
