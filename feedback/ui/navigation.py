"""What stands around every page: links and parts that each room adds for itself, so that this one names no room.

A room adds its own in its ``apps.py`` and says where they stand, in which order, and who sees them. `around`
returns them as one reader sees them; the base template draws them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from feedback.kernel import slots

#: ``main``: the head's navigation. ``dock``: what replaces it on a phone. ``tools``: the end of the head.
#: ``account`` and ``settings``: the links, and what is set beneath them, in the menu of the reader. ``foot``: the foot.
#: ``rooms``: the pages of one's settings, beside those that accounts have.
#: ``notice``: under the head, what a reader should know of the whole page. ``feed``: in the head for programs, and at the foot.
#: ``head``: what a browser should know of the site.
Place = Literal[
    "main", "dock", "tools", "account", "settings", "foot", "notice", "rooms", "feed", "head"
]
Reader = Literal["everyone", "members", "team"]


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link to a page of the room that adds it."""

    label: str | Promise
    #: The name of the address, or a function of the request that returns it: "" where the page has no such link.
    url: str | Callable[[HttpRequest], str]
    icon: str = ""
    #: The page is marked as the current one where its ``nav`` says this.
    nav: str = ""
    seen_by: Reader = "everyone"
    #: A slot that counts what waits there for the reader, by their primary key.
    waiting: str = ""
    #: It is the one thing to do among the places of the dock.
    is_act: bool = False


@dataclass(frozen=True)
class Part:
    """A template of the room that adds it, for what is more than a link."""

    template: str


@dataclass(frozen=True)
class ShownLink:
    """A link as one reader sees it."""

    label: str | Promise
    url: str
    icon: str
    is_current: bool
    is_act: bool
    waiting: int


_entries: dict[tuple[Place, int], Link | Part] = {}


def add(place: Place, order: int, entry: Link | Part) -> None:
    """Have ``entry`` stand at ``place`` on every page. Call it in ``AppConfig.ready``.

    Raises `ValueError` when another entry has that order there already.
    """
    if _entries.get((place, order), entry) != entry:
        raise ValueError(f"At {place!r}, {order} is taken by {_entries[place, order]!r}.")
    _entries[place, order] = entry


def around(request: HttpRequest, *, nav: str = "") -> dict[str, list[ShownLink | Part]]:
    """Return what the reader of a page sees around it, by place; ``nav`` is where the page says it stands."""
    person = getattr(request, "user", None)
    waiting: dict[str, int] = {}
    shown: dict[str, list[ShownLink | Part]] = {}
    for (place, _), entry in sorted(_entries.items(), key=lambda pair: pair[0]):
        if isinstance(entry, Part):
            shown.setdefault(place, []).append(entry)
        elif _sees(person, entry.seen_by):
            url = entry.url(request) if callable(entry.url) else reverse(entry.url)
            if not url:
                continue
            if entry.waiting and entry.waiting not in waiting:
                waiting[entry.waiting] = _waiting(request, person, entry.waiting)
            shown.setdefault(place, []).append(
                ShownLink(
                    label=entry.label,
                    url=url,
                    icon=entry.icon,
                    is_current=bool(nav) and entry.nav == nav,
                    is_act=entry.is_act,
                    waiting=waiting.get(entry.waiting, 0),
                )
            )
    return shown


def _sees(person: Any, reader: Reader) -> bool:
    if reader == "everyone":
        return True
    return bool(getattr(person, "is_authenticated" if reader == "members" else "is_team", False))


def _waiting(request: HttpRequest, person: Any, slot: str) -> int:
    if not getattr(person, "is_authenticated", False):
        return 0
    return int(slots.gather(slot, request, [person]).get(person.pk, 0))
