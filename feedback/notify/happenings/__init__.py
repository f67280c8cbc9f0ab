"""What happens in public, for webhooks and feeds: one file for what happens to one kind of thing, found by being here.

A happening is written anew each time, from what is public then. What is no longer public is None, and nothing is told:
so nothing that was hidden meanwhile leaves, and nothing is kept that erasing would have to find. No person is named.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, TypeVar, cast

from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.forum.models import Product
from feedback.journal.models import Entry
from feedback.kernel.identity import at_home

#: Of the form of what is sent. It rises when something is taken away or means something else; more may come at any time.
VERSION = 1
#: Characters of somebody's words that a chat room shows, and that a program is sent.
LINE_LENGTH, EXCERPT_LENGTH = 200, 1000


T = TypeVar("T")
#: A name, an @ and a domain that ends in letters, as no version does: left-pad@1.3.0. Looked for from where a run begins alone.
_MAIL_ADDRESS = re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")
#: A number with its country, a Chinese mobile, and one of North America as people write it there. Days, versions and numbers of
#: orders are none; nor is what stands in an address of the web, behind a slash or an equals sign.
_PHONE = re.compile(
    r"(?<![A-Za-z0-9_/=&#.+-])(?:"
    r"\+\d{1,3}(?:[ .()-]{0,2}\d){7,12}"
    r"|(?:0086|86)?[ -]?1[3-9]\d[ -]?\d{4}[ -]?\d{4}"
    r"|\(\d{3}\) ?\d{3}[ .-]\d{4}"
    r"|\d{3}-\d{3}-\d{4}"
    r")(?![A-Za-z0-9_/-]|\.\d)"
)


class Group(models.TextChoices):
    """Kinds of happening that an endpoint chooses together, and that a feed holds."""

    POSTS = "POSTS", _("New posts")
    ASKS = "ASKS", _("Asks: confirmed, renamed, joined, split")
    ANSWERS = "ANSWERS", _("What the team answers and declines")
    ROADMAP = "ROADMAP", _("The roadmap: planned, begun, in beta, shipped, declined")
    RELEASES = "RELEASES", _("Releases: out, late, skipped, and the reports on them")


@dataclass(frozen=True)
class Happening:
    """What happened, in the language in force.

    ``title`` is what it happened to, ``line`` what happened, ``excerpt`` words of it, ``path`` where it stands on
    this site; ``data()`` is what a program is sent, read only where one is.
    """

    product: Product
    title: str
    line: str
    path: str
    data: Callable[[], Mapping[str, Any]]
    excerpt: str = ""

    @property
    def url(self) -> str:
        return at_home(self.path)


@dataclass(frozen=True)
class Kind:
    """One kind of happening: its ``name`` for programs, the group it is chosen by, and what it says of an entry."""

    name: str
    group: Group
    of: Callable[[Entry], Happening | None]


@cache
def by_verb() -> Mapping[str, Kind]:
    """Return the kind of happening that entries of each verb are."""
    found: dict[str, Kind] = {}
    for module in sorted(module.name for module in iter_modules(__path__)):
        found |= import_module(f"{__name__}.{module}").KINDS
    return found


def of_entry(entry: Entry) -> Happening | None:
    """Return what ``entry`` tells the public, or None where it does not, or not any more.

    Mail addresses and phone numbers that people wrote into their posts stay here: who holds a copy will not hear when one is taken out.
    """
    told = by_verb()[entry.verb].of(entry)
    if told is None:
        return None
    return replace(
        told,
        title=without_addresses(told.title),
        line=without_addresses(told.line),
        excerpt=without_addresses(told.excerpt),
        data=lambda: without_addresses(told.data()),
    )


def without_addresses(told: T) -> T:
    """Return ``told``, words or what JSON holds, with "…@…" for every mail address in its words and "…" for every phone number."""
    found: Any = told
    match found:
        case str():
            found = _PHONE.sub("…", _MAIL_ADDRESS.sub("…@…", found))
        case Mapping():
            found = {name: without_addresses(value) for name, value in found.items()}
        case list():
            found = [without_addresses(value) for value in found]
    return cast(T, found)
