"""Formats that are known by their own columns: the exports of other tools, as somebody described them once.

A `KnownFormat` is data: what it is known by, and which column is what. What a table cannot say (comments in a list, a
body in HTML, rows that are no posts) its ``shape`` makes columns of, whose names begin with `MADE`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from feedback.importing.formats.columns.fields import Field
from feedback.importing.formats.rows import BrokenRow, Row

#: How the names of columns begin that stand in no file.
MADE = "→ "
#: Rows from which a format is known: JSON leaves out what is empty.
PEEKED = 50
#: What a person says who wants no format to be known.
NONE = "none"

Values = Mapping[str, Any]


@dataclass(frozen=True)
class KnownFormat:
    """What one tool exports.

    - ``key``: what a person calls it (``--format fider``); ``name``: what it is, "Fider posts".
    - ``source``: the name under which its rows and people are known unless a person gives another.
    - ``needs``: the columns it is known by, ``lacks``: those it never has.
    - ``columns``: field to column, or to several of which the first that is there counts.
    - ``documented``: the public pages it was read from. ``unconfirmed``: sentences on what they do not say.
    - ``states``: its states, in small letters, to the stages of an ask ("" for none).
    - ``keeps``: the other columns that stay with the post, all when None; ``drops``: those that never do.
    - ``judged``: fields that are judged by what is in the columns, as in any file; all others it settles.
    - ``whole``: the keys by which a JSON document is known that is one row itself.
    - ``shape(values)``: more columns of a row, or None for what is no post; ``left_out`` says what that is.
    - ``addresses(values)``: the paths at which the tool showed the row, "/posts/12"; what stands below them leads there too.
    - ``time_zone``: of its dates that name none.
    """

    key: str
    name: str
    source: str
    needs: tuple[str, ...]
    columns: Mapping[Field, str | tuple[str, ...]]
    documented: tuple[str, ...]
    lacks: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    states: Mapping[str, str] = field(default_factory=dict)
    keeps: tuple[str, ...] | None = ()
    drops: tuple[str, ...] = ()
    judged: tuple[Field, ...] = ()
    whole: tuple[str, ...] = ()
    shape: Callable[[Values], Values | None] | None = None
    left_out: str = ""
    addresses: Callable[[Values], Sequence[str]] | None = None
    time_zone: str = ""

    def fits(self, names: Iterable[str]) -> bool:
        """Tell whether a file with these columns is one."""
        there = {_same(name) for name in names}
        return (
            bool(self.needs)
            and there.issuperset(map(_same, self.needs))
            and there.isdisjoint(map(_same, self.lacks))
        )

    def chosen(self, names: Iterable[str]) -> dict[Field, str]:
        """Return which of the columns ``names`` is what: field to column, "" for none; nothing of what is judged."""
        there = {_same(name): name for name in names}
        found = dict.fromkeys((what for what in Field if what not in self.judged), "")
        for what, wanted in self.columns.items():
            for one in (wanted,) if isinstance(wanted, str) else wanted:
                if _same(one) in there:
                    found[what] = there[_same(one)]
                    break
        return found

    def dropped(self, names: Iterable[str]) -> frozenset[str]:
        """Return which of the columns ``names`` are looked at for nothing."""
        never = set(map(_same, self.drops))
        return frozenset(name for name in names if _same(name) in never)

    def kept(self, names: Collection[str]) -> frozenset[str]:
        """Return which of the columns that are taken for nothing stay with the post."""
        wanted = None if self.keeps is None else set(map(_same, self.keeps))
        return frozenset(
            name
            for name in names
            if not name.startswith(MADE) and (wanted is None or _same(name) in wanted)
        ) - self.dropped(names)


def _same(name: str) -> str:
    return " ".join(name.split()).casefold()


def recognised(
    rows: Iterable[Row | BrokenRow], formats: Sequence[KnownFormat], *, chosen: str = ""
) -> KnownFormat | None:
    """Return the format of a file by its first rows: of those that fit the one that needs most, or the ``chosen`` one."""
    if chosen == NONE or not formats:
        return None
    if chosen:
        return next(one for one in formats if one.key == chosen)
    names: set[str] = set()
    for row in islice(rows, PEEKED):
        if isinstance(row, Row):
            names |= row.values.keys()
    fitting = [one for one in formats if one.fits(names)]
    return max(fitting, key=lambda one: len(one.needs), default=None)


class Shaped:
    """The rows of a known file, with the columns that its format makes; ``left_out`` counts what is no post."""

    def __init__(self, rows: Iterable[Row | BrokenRow], known: KnownFormat) -> None:
        self._rows = rows
        self._known = known
        self.left_out = 0

    def __iter__(self) -> Iterator[Row | BrokenRow]:
        shape = self._known.shape
        for row in self._rows:
            if isinstance(row, BrokenRow) or shape is None:
                yield row
                continue
            made = shape(row.values)
            if made is None:
                self.left_out += 1
            else:
                yield Row(row.line, {**row.values, **made})
