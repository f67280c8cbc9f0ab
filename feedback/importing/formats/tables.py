"""Tables in text: CSV with any of the usual delimiters.

Rows stream; nothing is kept. A row that is broken comes out as a `BrokenRow`, and reading goes on after it.
"""

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TextIO

from django.utils.translation import gettext as _

from feedback.importing.formats.columns.fields import is_known
from feedback.importing.formats.refusals import CannotImport
from feedback.importing.formats.rows import (
    LONGEST_LINE,
    LONGEST_RECORD,
    BrokenRow,
    Row,
    word_count,
)

#: So many quotes that are never closed, and the file is not what its name says.
MOST_OPEN_QUOTES = 100
#: Records from which delimiter and header are told, and the characters they may take.
HEAD_RECORDS, HEAD_CHARACTERS = 100, 1 << 20
#: The only column of a table is hardly called by more words than this.
NAME_WORDS = 4
DELIMITERS = (",", ";", "\t", "|")
#: What stands in no text: a table of one column has no delimiter.
NO_DELIMITER = "\x1f"
_BROKEN_BYTES = re.compile("[\udc80-\udcff]")
_SEP_LINE = re.compile(r"""\ufeff?"?sep=(.)"?\s*$""", re.IGNORECASE)
_DATA = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}.*|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}.*|-?\d+([.,]\d+)?|https?://\S+|[^\s@]+@[^\s@]+\.\w+"
)


@dataclass(frozen=True)
class Layout:
    """How a table is laid out: its delimiter, and the line its header begins at (0: it has none)."""

    delimiter: str
    header_line: int


class Lines:
    """The lines of a text with their numbers, and the right to put some back."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._waiting: deque[tuple[int, str]] = deque()
        self._number = 0

    def take(self) -> tuple[int, str] | None:
        """Return the next line and its number, or None at the end."""
        if self._waiting:
            return self._waiting.popleft()
        line = self._text.readline(LONGEST_LINE)
        if not line:
            return None
        self._number += 1
        while len(line) >= LONGEST_LINE and not line.endswith(("\n", "\r")):
            rest = self._text.readline(LONGEST_LINE)  # the tail of a monster: read and forgotten
            if not rest or rest.endswith(("\n", "\r")):
                break
        return self._number, line.replace("\x00", "") if "\x00" in line else line

    def put_back(self, lines: list[tuple[int, str]]) -> None:
        """Have ``lines`` come next."""
        self._waiting.extendleft(reversed(lines))


def layout_of(
    text: TextIO, *, is_tabbed: bool, delimiter: str = "", header_line: int | None = None
) -> Layout:
    """Return how the table in ``text`` is laid out; what a person said of it holds.

    The delimiter is the one that cuts most rows into as many columns; the header the first row with so many: what
    stands above it is a title. Raises `CannotImport` when that row looks like the others.
    """
    lines = Lines(text)
    head: list[tuple[int, str]] = []
    length = 0
    while length < HEAD_CHARACTERS and len(head) < 4 * HEAD_RECORDS and (taken := lines.take()):
        head.append(taken)
        length += len(taken[1])
    first = next(((number, line) for number, line in head if line.strip()), (1, ""))
    declared = _SEP_LINE.fullmatch(first[1].rstrip("\r\n"))
    if declared:
        head = [one for one in head if one[0] > first[0]]
        delimiter = delimiter or declared.group(1)
    found = {one: _records_of(head, one) for one in ([delimiter] if delimiter else DELIMITERS)}
    if not delimiter:
        delimiter = max(
            DELIMITERS, key=lambda one: (_evenness(found[one]), one == "\t" and is_tabbed)
        )
        if _evenness(found[delimiter])[0] == 0:
            delimiter = NO_DELIMITER
            found[delimiter] = _records_of(head, delimiter)
    if header_line is not None:
        return Layout(delimiter, header_line)
    return Layout(delimiter, _header_of(found[delimiter]))


def _records_of(head: list[tuple[int, str]], delimiter: str) -> list[tuple[int, list[str]]]:
    lines = Lines(io.StringIO())
    lines.put_back(head)
    read = islice(records(lines, delimiter), HEAD_RECORDS)
    return [
        one
        for one in read
        if not isinstance(one, BrokenRow) and any(cell.strip() for cell in one[1])
    ]


def _evenness(read: list[tuple[int, list[str]]]) -> tuple[float, int]:
    """Return the share of rows with as many columns as most have, 0 where most have one; and how many columns."""
    if not read:
        return 0.0, 0
    counts = Counter(len(cells) for number, cells in read)
    width, often = max(counts.items(), key=lambda one: (one[1] if one[0] > 1 else 0, one[0]))
    # One row more than the header has the width by chance: the header must have it too.
    if width == 1 or (len(read[0][1]) == 1 and often * 2 < len(read)):
        return 0.0, 1
    return round(often / len(read), 1), width


def _header_of(read: list[tuple[int, list[str]]]) -> int:
    if not read:
        return 1
    width = _evenness(read)[1]
    number, cells = read[0]
    if _filled(cells) == 1 and width > 1:
        # Titles are shorter than what they stand above: "Generated, 2024-06-01" names no four columns.
        number, cells = next(
            (one for one in read if len(one[1]) >= width and _filled(one[1]) * 2 > width), read[0]
        )
    looks_like_data = [cell.strip() for cell in cells if _DATA.fullmatch(cell.strip())]
    if not looks_like_data and not any(is_known(cell) for cell in cells):
        below = [others for at, others in read if at > number]
        looks_like_data = [
            cell.strip()
            for at, cell in enumerate(cells)
            if cell.strip()
            and (
                any(len(others) > at and others[at].strip() == cell.strip() for others in below)
                or (width <= 1 and word_count(cell) > NAME_WORDS)
            )
        ]
    if looks_like_data:
        raise CannotImport(
            _('Line %(line)s should name the columns, but holds "%(value)s".')
            % {"line": number, "value": looks_like_data[0][:40]},
            "header_line",
        )
    return number


def _filled(cells: list[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def table_rows(text: TextIO, layout: Layout) -> Iterator[Row | BrokenRow]:
    """Yield the rows of a table. Raises `CannotImport`."""
    csv.field_size_limit(LONGEST_LINE)
    lines = Lines(text)
    names: list[str] = []
    # What stands above the header is skipped line by line: a title may hold a lone quote.
    while (taken := lines.take()) is not None:
        if taken[0] >= layout.header_line and not _SEP_LINE.fullmatch(taken[1].rstrip("\r\n")):
            lines.put_back([taken])
            break
    for record in records(lines, layout.delimiter):
        if isinstance(record, BrokenRow):
            if not names:
                raise CannotImport(
                    _("The line that names the columns cannot be read: %(reason)s.")
                    % {"reason": record.reason}
                )
            yield record
            continue
        number, cells = record
        if not any(cell.strip() for cell in cells):
            continue
        if not names:
            if layout.header_line:
                names = names_of(cells)
                continue
            names = names_of([""] * len(cells))
        if len(cells) != len(names) and (reason := _uneven(cells, names)):
            yield BrokenRow(number, reason, layout.delimiter.join(cells)[:LONGEST_RECORD])
            continue
        yield Row(number, dict(zip(names, cells, strict=False)))


def _uneven(cells: list[str], names: list[str]) -> str:
    if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
        return _("it has %(count)s columns instead of %(wanted)s") % {
            "count": len(cells),
            "wanted": len(names),
        }
    if len(cells) == 1 < len(names):
        return _("it has 1 column instead of %(wanted)s") % {"wanted": len(names)}
    return ""


def names_of(cells: list[str]) -> list[str]:
    """Return the header's names; a column without one is called by its number, a second namesake too."""
    names: list[str] = []
    for number, cell in enumerate(cells, 1):
        name = " ".join(cell.split()).lstrip("\ufeff") or f"column {number}"
        names.append(name if name not in names else f"{name} {number}")
    return names


def records(lines: Lines, delimiter: str) -> Iterator["tuple[int, list[str]] | BrokenRow"]:
    """Yield records with the line they begin at. A record goes on over lines while a quote is open."""
    quoted = re.compile(rf'(?:^|{re.escape(delimiter)})"(?:[^"]|"")*"(?!")')
    opening = re.compile(rf'(?:^|{re.escape(delimiter)})"')
    lost_quotes = 0
    while (taken := lines.take()) is not None:
        number, line = taken
        reason = broken_line(line)
        if reason is not None:
            yield BrokenRow(number, reason, line.rstrip("\r\n")[:LONGEST_RECORD])
            continue
        if '"' not in line:
            yield number, line.rstrip("\r\n").split(delimiter)
            continue
        parts = [taken]
        length = len(line)
        is_open = bool(opening.search(quoted.sub("", line)))
        while is_open and length <= LONGEST_RECORD and (more := lines.take()) is not None:
            parts.append(more)
            length += len(more[1])
            is_open = '"' not in more[1] or bool(opening.search(quoted.sub("", '"' + more[1])))
        if is_open:
            lost_quotes += 1
            if lost_quotes >= MOST_OPEN_QUOTES:
                raise CannotImport(
                    _(
                        "%(count)s rows up to line %(line)s open a quote and never close it; is this a CSV file?"
                    )
                    % {"count": lost_quotes, "line": number}
                )
            lines.put_back(parts[1:])
            yield BrokenRow(number, _("a quote is opened and never closed"), line.rstrip("\r\n"))
            continue
        reason = next((found for at, part in parts[1:] if (found := broken_line(part))), None)
        try:
            if reason is None:
                cells = next(csv.reader([part for at, part in parts], delimiter=delimiter), None)
                if cells:
                    yield number, cells
                continue
        except csv.Error as error:
            reason = _("its quoting is broken (%(error)s)") % {"error": error}
        yield BrokenRow(number, reason, "".join(part for at, part in parts).rstrip("\r\n"))


def broken_line(line: str) -> str | None:
    """Return what is wrong with a line as a whole."""
    if len(line) >= LONGEST_LINE:
        return _("this line is longer than a million characters")
    if not line.isascii() and _BROKEN_BYTES.search(line):
        return _("it holds bytes that are no text in the encoding of the file")
    return None
