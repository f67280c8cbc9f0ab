"""Titles that there are few enough of to be held in memory: of asks, of what is on the roadmap.

A process reads them once, and again when the journal or their number says that something changed.
"""

import datetime as dt
import heapq
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.db.models import QuerySet

from feedback.forum.search.finding import Search, Why
from feedback.forum.search.index import Ways
from feedback.forum.search.language.words import Alternative, index_tokens
from feedback.forum.search.rank import Sought, score
from feedback.forum.search.table import MORE, Row, row_of
from feedback.journal.cursor import JournalCursor
from feedback.journal.verbs import Verb
from feedback.kernel.batches import batches

#: So many of the best of a step are told of.
_KEPT = 40
#: (primary key, title, what else it says).
Said = tuple[int, str, str]


class HeldTitles:
    """What ``read`` returns, found by the same words as posts. Safe in threads.

    ``mark`` is a cheap look at whether rows came or went; ``verbs`` are what may change the words of one.
    """

    def __init__(
        self,
        read: Callable[[], Iterable[Said]],
        *,
        mark: Callable[[], Hashable],
        verbs: Collection[Verb],
    ) -> None:
        self._read, self._mark = read, mark
        self._cursor = JournalCursor(verbs)
        self._lock = threading.Lock()
        self._rows: dict[int, Row] = {}
        self._having: dict[str, set[int]] = {}
        self._said: dict[int, tuple[str, str]] = {}

    def find(
        self,
        search: Search,
        *,
        now: dt.datetime,
        enough: int,
        among: QuerySet[Any] | None = None,
    ) -> dict[int, tuple[Why, float]]:
        """Return why and how well ``search`` finds them by primary key, the best of each of its steps.

        Of those ``among`` which it looks, None for all. A further step is taken where those before it found fewer than ``enough``.
        """
        with self._lock:
            self._refresh(now)
            rows, having = self._rows, self._having
        found: dict[int, tuple[Why, float]] = {}
        for why, ways in search.steps:
            if len(found) >= enough:
                break
            sought = [[Sought.of(term) for term in way] for way in ways]
            there = _with_all(ways, having, is_loose=why == Why.BEGINS) - set(found)
            if among is not None:
                there = {
                    pk
                    for some in batches(there)
                    for pk in among.filter(pk__in=some).values_list("pk", flat=True)
                }
            scored = [
                (max(score(rows[pk], way, wants_all=True) for way in sought), pk)
                for pk in there
                if search.query.accepts(rows[pk])
            ]
            best = heapq.nsmallest(_KEPT, scored, key=lambda pair: (-pair[0], -pair[1]))
            found |= {pk: (why, points) for points, pk in best if points}
        return found

    def _refresh(self, now: dt.datetime) -> None:
        key = (str(connection.settings_dict["NAME"]), self._mark())
        kept = caches["template_fragments"]
        if kept.get(f"held.{id(self)}") and self._cursor.is_quiet(*key, now=now):
            return
        end = self._cursor.end(now=now)
        said = {pk: (title, more) for pk, title, more in self._read()}
        rows = {
            pk: self._rows[pk] if self._said.get(pk) == words else _row(*words)
            for pk, words in said.items()
        }
        having: defaultdict[str, set[int]] = defaultdict(set)
        for pk, row in rows.items():
            for token in f"{row.title_all} {row.body_all}".split():
                having[token].add(pk)
        self._rows, self._having, self._said = rows, dict(having), said
        self._cursor.move_to(end, *key, now=now)
        kept.set(f"held.{id(self)}", True, None)  # whoever empties the cache has them read again


def _row(title: str, more: str) -> Row:
    columns = [MORE.join(map(" ".join, index_tokens(text))) for text in (title, more)]
    return row_of(*columns)


def _with_all(ways: Ways, having: dict[str, set[int]], *, is_loose: bool) -> set[int]:
    there: set[int] = set()
    for way in ways:
        groups = [(*term.sought, *term.loose) if is_loose else term.sought for term in way]
        some = [_with_any(group, having) for group in groups]
        there |= set.intersection(*some) if some else set()
    return there


def _with_any(group: Iterable[Alternative], having: dict[str, set[int]]) -> set[int]:
    found: set[int] = set()
    for tokens in group:
        some = [_with(token, having) for token in tokens]
        found |= set.intersection(*some) if some else set()
    return found


def _with(token: str, having: dict[str, set[int]]) -> set[int]:
    if not token.endswith("*"):
        return having.get(token, set())
    beginning = token[:-1]
    return {pk for one, pks in having.items() if one.startswith(beginning) for pk in pks}
