"""What happens in public, for webhooks and feeds: one file for what happens to one kind of thing, found by being here.

A happening is written anew each time, from what is public then. What is no longer public is None, and nothing is told:
so nothing that was hidden meanwhile leaves, and nothing is kept that erasing would have to find. No person is named.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.conf import settings

from feedback.forum.models import Product
from feedback.journal.models import Entry
from feedback.notify.models import Endpoint

#: Of the form of what is sent. It rises when something is taken away or means something else; more may come at any time.
VERSION = 1
#: Characters of somebody's words that a chat room shows, and that a program is sent.
LINE_LENGTH, EXCERPT_LENGTH = 200, 1000


@dataclass(frozen=True)
class Happening:
    """What happened, in the language in force.

    ``title`` is what it happened to, ``line`` what happened, ``excerpt`` words of it, ``path`` where it stands on
    this site; ``data`` is what a program is sent.
    """

    product: Product
    title: str
    line: str
    path: str
    data: Mapping[str, Any]
    excerpt: str = ""

    @property
    def url(self) -> str:
        return absolute(self.path)


@dataclass(frozen=True)
class Kind:
    """One kind of happening: its ``name`` for programs, the group it is chosen by, and what it says of an entry."""

    name: str
    group: Endpoint.Group
    of: Callable[[Entry], Happening | None]


def absolute(path: str) -> str:
    """Return the whole address of a page."""
    return settings.BASE_URL + path


@cache
def by_verb() -> Mapping[str, Kind]:
    """Return the kind of happening that entries of each verb are."""
    found: dict[str, Kind] = {}
    for module in sorted(module.name for module in iter_modules(__path__)):
        found |= import_module(f"{__name__}.{module}").KINDS
    return found


def of_entry(entry: Entry) -> Happening | None:
    """Return what ``entry`` tells the public, or None where it does not, or not any more."""
    return by_verb()[entry.verb].of(entry)
