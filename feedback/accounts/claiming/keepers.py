"""What each room does when an author's words pass to the person they belong to.

Accounts is below the rooms that hold people's words and may not import them. Each provides a `Keeper` in its
``apps.py``; `operations` asks them all, from the lowest room to the highest, within one transaction.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Model, QuerySet

from feedback.accounts.claiming.models import Claim
from feedback.accounts.models import User
from feedback.kernel.in_order import InOrder

#: What one room handed over, as JSON: lists, so that what comes later is added to them.
Record = dict[str, list[Any]]
#: The records of the rooms so far, by the room's name.
Records = Mapping[str, Record]


def _nothing_said(authors: Collection[User]) -> Mapping[int, list[str]]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Keeper:
    """One room's part of a claim.

    - ``holds``: the columns of its tables in which an imported author may stand.
    - ``hand_over(author, person, records)``: has all that is the author's be the person's, and returns what it did.
      ``records`` are those of the rooms below. Done again it moves what came since.
    - ``hand_back(author, person, records)``: undoes what stands in the room's own record of a whole claim, where it still is so.
      A claim that stands is handed over again: another of the person's is undone.
    - ``said(authors)``: what would come along, in words, by the author's primary key.
    """

    room: str
    holds: Collection[tuple[type[Model], str]] = ()
    hand_over: Callable[[User, User, Records], Record]
    hand_back: Callable[[User, User, Records], None]
    said: Callable[[Collection[User]], Mapping[int, list[str]]] = _nothing_said


_keepers = InOrder[Keeper]()
provide = _keepers.provide


def keepers() -> Iterator[Keeper]:
    """Yield the keepers, the lowest room first."""
    yield from _keepers


def what_comes(authors: Collection[User]) -> dict[int, list[str]]:
    """Return in words what is each author's, by primary key, where there is any."""
    said = [keeper.said(authors) for keeper in keepers()]
    return {
        author.pk: [words for one in said for words in one.get(author.pk, ())] for author in authors
    }


def counted(rows: QuerySet[Any], column: str, authors: Collection[User]) -> Counter[int]:
    """Return how many of ``rows`` are each author's, by primary key."""
    theirs = rows.filter(**{f"{column}__in": [author.pk for author in authors]}).order_by()
    return Counter(dict(theirs.values_list(column).annotate(Count("pk"))))


def who_holds_something() -> set[int]:
    """Return the claimed authors who hold something again: it was written while they were being claimed."""
    claimed = Claim.objects.filter(undone_at=None).values("author")
    found: set[int] = set()
    for keeper in keepers():
        for model, column in keeper.holds:
            left = model._default_manager.filter(**{f"{column}__in": claimed}).order_by()
            found.update(left.values_list(column, flat=True).distinct())
    return found


def hand_over(author: User, person: User) -> dict[str, Record]:
    """Have all that is ``author``'s be ``person``'s; return what each room did. Call in a transaction."""
    records: dict[str, Record] = {}
    for keeper in keepers():
        records[keeper.room] = keeper.hand_over(author, person, records)
    return records


def hand_back(author: User, person: User, records: Records) -> None:
    """Give back what was handed over. Call in a transaction."""
    for keeper in keepers():
        keeper.hand_back(author, person, records)


def added(records: Records, more: Records) -> dict[str, Record]:
    """Return ``records`` with what was done later."""
    return {
        room: {
            name: records.get(room, {}).get(name, []) + more.get(room, {}).get(name, [])
            for name in {*records.get(room, {}), *more.get(room, {})}
        }
        for room in {*records, *more}
    }
