"""What counts as an outcome: each room says so of its own.

Accounts is below the rooms that know what became of a post, a comment or a report. Each provides its kinds in its
``apps.py``. A kind is read off the tables as they are, never added up as things happen: so what is undone counts no more.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from feedback.journal.verbs import Verb
from feedback.kernel.in_order import InOrder

#: The people to count for, by primary key; None for everybody.
People = Collection[int] | None


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of outcome.

    - ``key``: its name in `Standing.counts`, for ever.
    - ``label`` and ``why``: what it is called, and when it counts.
    - ``said(n)``: "3 questions answered".
    - ``count(people)``: how many each person has, by primary key, without those who have none.
    - ``verbs``: the journal entries after which it may be another number.
    - ``raises``: whether it raises trust; otherwise it only earns badges.
    - ``by_team``: whether the team decided it.
    """

    room: str
    key: str
    label: str | Promise
    why: str | Promise
    said: Callable[[int], str]
    count: Callable[[People], Mapping[int, int]]
    verbs: Collection[Verb]
    raises: bool = True
    by_team: bool = False


@dataclass(frozen=True)
class Lowered:
    """Until when a person is trusted less, whatever their outcomes."""

    new_until: dt.datetime | None = None
    member_until: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Lowering:
    """How one room lowers trust: ``of(people)`` by primary key, of those alone whom it lowers."""

    room: str
    of: Callable[[People], Mapping[int, Lowered]]
    verbs: Collection[Verb]


_kinds = InOrder[Kind]()
_lowering = InOrder[Lowering]()
provide = _kinds.provide
provide_lowering = _lowering.provide


def kinds() -> Iterator[Kind]:
    """Yield every kind, in the order in which they are shown."""
    yield from _kinds


def lowerings() -> Iterator[Lowering]:
    """Yield what lowers trust."""
    yield from _lowering


def verbs() -> frozenset[Verb]:
    """Return the journal entries after which somebody may stand elsewhere."""
    named = [*(kind.verbs for kind in kinds()), *(one.verbs for one in lowerings())]
    return frozenset(verb for some in named for verb in some)
