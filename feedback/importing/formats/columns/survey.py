"""The first pass over a file: its columns, a fair sample of its rows, and what whole columns say of their dates."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from django.utils.translation import gettext as _

from feedback.importing.formats.columns.evidence import MOST_DIFFERENT, Evidence
from feedback.importing.formats.dates.column import DateColumn
from feedback.importing.formats.refusals import CannotImport, NoRows
from feedback.importing.formats.rows import BrokenRow, Row, text_of
from feedback.importing.formats.values import LONGEST_NOTHING, nothing_or
from feedback.kernel import text as words

#: Rows of the sample, columns that are judged, rows from which it is told which columns may hold dates.
SAMPLED, MOST_COLUMNS, FIRST_ROWS = 1_000, 200, 200
_ALIKE = 0.6


@dataclass
class Survey:
    """What the first pass found: ``rows`` read, ``broken`` ones among them, columns by name, the sampled rows."""

    rows: int = 0
    broken: int = 0
    first_broken: BrokenRow | None = None
    columns: dict[str, Evidence] = field(default_factory=dict)
    sample: list[Row] = field(default_factory=list)


def survey(rows: Iterable[Row | BrokenRow], *, latest: dt.datetime, path: object) -> Survey:
    """Look through all ``rows``; memory stays flat. ``latest`` is the last moment at which somebody may have posted."""
    found = Survey()
    chance = random.Random(0)  # noqa: S311
    good = _good(rows, found)
    first = list(islice(good, FIRST_ROWS))
    eastern = any(
        words.language_of(text_of(value)) == "zh"
        for row in first
        for value in row.values.values()
        if value
    )
    for row in chain(first, good):
        if len(found.sample) < SAMPLED:
            found.sample.append(row)
        elif (at := chance.randrange(found.rows)) < SAMPLED:
            found.sample[at] = row
        for name, value in row.values.items():
            if value is None or value == "":
                continue
            column = found.columns.get(name)
            if column is None:
                column = _new(name, found, latest, eastern)
                if column is None:
                    continue
            column.filled += 1
            if isinstance(value, str) and len(value) <= LONGEST_NOTHING and not nothing_or(value):
                column.empty += 1
            if column.counts is not None:
                said = value if isinstance(value, str) else text_of(value)
                column.counts[said] = column.counts.get(said, 0) + 1
                if len(column.counts) > MOST_DIFFERENT:
                    column.counts = None
            if column.dates is not None:
                column.dates.add(value)
                if (
                    column.dates.seen == FIRST_ROWS
                    and column.dates.share < _ALIKE
                    and not column.is_named_date
                ):
                    column.dates = None
    found.sample.sort(key=lambda row: row.line)
    for row in found.sample:
        for name in row.values:
            if name not in found.columns:  # nothing ever stands in it
                found.columns.setdefault(name, Evidence(name, len(found.columns)))
    for column in found.columns.values():
        column.rows = found.rows - found.broken
        column.values = [
            value
            for row in found.sample
            if (value := row.values.get(column.name)) not in (None, "")
        ]
        if column.counts is not None:
            column.counts = _stripped(column.counts)
    if not found.rows:
        raise NoRows(_("%(file)s has a header and no rows.") % {"file": path})
    if found.first_broken is not None and found.broken == found.rows:
        raise CannotImport(
            _("No row of %(file)s can be read; of the one at line %(line)s: %(reason)s.")
            % {"file": path, "line": found.first_broken.line, "reason": found.first_broken.reason}
        )
    return found


def _stripped(counts: dict[str, int]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for value, count in counts.items():
        if value.strip():
            found[value.strip()] += count
    return dict(found)


def _good(rows: Iterable[Row | BrokenRow], found: Survey) -> Iterator[Row]:
    for row in rows:
        found.rows += 1
        if isinstance(row, BrokenRow):
            found.broken += 1
            found.first_broken = found.first_broken or row
        else:
            yield row


def _new(name: str, found: Survey, latest: dt.datetime, eastern: bool) -> Evidence | None:
    if len(found.columns) >= MOST_COLUMNS:
        return None
    column = Evidence(name, len(found.columns), dates=DateColumn(latest, eastern))
    found.columns[name] = column
    return column
