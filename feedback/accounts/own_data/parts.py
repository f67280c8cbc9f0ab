"""What each room shows of a person's own data, and what it does when they are erased.

Accounts is below the rooms that hold people's words and may not import them. Each provides a `Part` in its
``apps.py``, as it provides a keeper for claims.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from feedback.accounts.models import User
from feedback.kernel.in_order import InOrder

#: One thing that is a person's, as JSON has it.
Row = Mapping[str, Any]


def _nothing(person: User) -> Mapping[str, Iterable[Row]]:
    return {}


def _nothing_more(person: User, *, keeps_words: bool, now: dt.datetime) -> None:
    """Erase nothing but what the part takes."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One room's part of a person's own data.

    - ``shows(person)``: what is theirs, by the name of the file it stands in.
    - ``takes``: the columns that lead to a person whose rows go with them, whatever becomes of their words.
    - ``erase(person, keeps_words=…, now=…)``: what else is done; done again it does no harm. Each part is one transaction.
    """

    room: str
    shows: Callable[[User], Mapping[str, Iterable[Row]]] = _nothing
    takes: Collection[tuple[type[Model], str]] = ()
    erase: Callable[..., None] = _nothing_more


_parts = InOrder[Part]()
provide = _parts.provide


def parts() -> Iterator[Part]:
    """Yield the parts in their order."""
    yield from _parts
