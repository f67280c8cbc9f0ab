"""From text to rows: CSV with any of the usual delimiters, TSV, and one JSON object a line.

Rows stream; nothing is kept. A row that is broken comes out as a `BrokenRow`, and reading goes on after it.
"""

import csv
import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from feedback.importing.formats.opening import Source
from feedback.importing.formats.refusals import CannotImport

#: A line longer than this is no row of anything.
LONGEST_LINE = 1_000_000
#: A quote that is not closed within this many characters was opened by mistake.
LONGEST_RECORD = 200_000
#: So many of those, and the file is not what its name says.
MOST_OPEN_QUOTES = 100
_DELIMITERS = (",", "\t", ";", "|")
_BROKEN_BYTES = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it begins at, and its values by column."""

    line: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """One row that cannot be read, with what stands there."""

    line: int
    reason: str
    raw: str


def read_rows(source: Source) -> Iterator[Row | BrokenRow]:
    """Yield the rows of ``source``; what kind of file it is, its first line says. Raises `CannotImport`."""
    csv.field_size_limit(LONGEST_LINE)
    lines = _Lines(source)
    first = lines.peek()
    if first is None:
        raise CannotImport(f"{source.path} is empty.")
    if first.lstrip().startswith("{"):
        yield from _json_rows(lines)
    elif first.lstrip().startswith("["):
        raise CannotImport(
            f"{source.path} is one JSON document; write one object a line instead (jq -c '.[]' does it)."
        )
    else:
        yield from _delimited_rows(lines, source)


class _Lines:
    """The lines of a text with their numbers, and the right to put some back."""

    def __init__(self, source: Source) -> None:
        self._text = source.text
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

    def peek(self) -> str | None:
        """Return the first line that is not blank, and leave it there."""
        while (taken := self.take()) is not None:
            if taken[1].strip():
                self.put_back([taken])
                return taken[1]
        return None


def _json_rows(lines: _Lines) -> Iterator[Row | BrokenRow]:
    while (taken := lines.take()) is not None:
        number, line = taken
        text = line.strip()
        if not text:
            continue
        reason = _broken_line(line)
        if reason is None:
            try:
                found = json.loads(text)
            except (ValueError, RecursionError) as error:
                where = (
                    f" at character {error.pos + 1}"
                    if isinstance(error, json.JSONDecodeError)
                    else ""
                )
                reason = f"this line is not JSON{where}"
            else:
                if isinstance(found, dict):
                    yield Row(number, {str(key): _text_of(value) for key, value in found.items()})
                    continue
                reason = "this line is not a JSON object"
        yield BrokenRow(number, reason, text[:LONGEST_RECORD])


def _text_of(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, bool | int | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def _delimited_rows(lines: _Lines, source: Source) -> Iterator[Row | BrokenRow]:
    first = lines.peek() or ""
    is_tabbed = ".tsv" in (suffix.lower() for suffix in source.path.suffixes)
    delimiter = (
        "\t" if is_tabbed and "\t" in first else max(_DELIMITERS, key=_outside_quotes(first).count)
    )
    records = _records(lines, delimiter)
    header = next(records)
    if isinstance(header, BrokenRow):
        raise CannotImport(f"The first line of {source.path} cannot be read: {header.reason}.")
    names = _names_of(header[1])
    for record in records:
        if isinstance(record, BrokenRow):
            yield record
            continue
        number, cells = record
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
            yield BrokenRow(
                number, f"it has {len(cells)} columns instead of {len(names)}", _joined(cells)
            )
            continue
        if len(cells) < len(names) and len(names) > 1 and len(cells) == 1:
            yield BrokenRow(number, f"it has 1 column instead of {len(names)}", _joined(cells))
            continue
        yield Row(number, dict(zip(names, cells, strict=False)))


def _outside_quotes(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line)


def _joined(cells: list[str]) -> str:
    return ",".join(cells)[:LONGEST_RECORD]


def _names_of(cells: list[str]) -> list[str]:
    """Return the header's names; a column without one is called by its number, a second namesake too."""
    names: list[str] = []
    for number, cell in enumerate(cells, 1):
        name = cell.strip().lstrip("\ufeff") or f"column {number}"
        names.append(name if name not in names else f"{name} {number}")
    return names


def _records(lines: _Lines, delimiter: str) -> Iterator["tuple[int, list[str]] | BrokenRow"]:
    """Yield records with the line they begin at. A record goes on over lines while a quote is open."""
    quoted = re.compile(rf'(?:^|{re.escape(delimiter)})"(?:[^"]|"")*"(?!")')
    opening = re.compile(rf'(?:^|{re.escape(delimiter)})"')
    lost_quotes = 0
    while (taken := lines.take()) is not None:
        number, line = taken
        reason = _broken_line(line)
        if reason is not None:
            yield BrokenRow(number, reason, line.strip()[:LONGEST_RECORD])
            continue
        parts = [taken]
        length = len(line)
        is_open = '"' in line and bool(opening.search(quoted.sub("", line)))
        while is_open and length <= LONGEST_RECORD and (more := lines.take()) is not None:
            parts.append(more)
            length += len(more[1])
            is_open = '"' not in more[1] or bool(opening.search(quoted.sub("", '"' + more[1])))
        if is_open:
            lost_quotes += 1
            if lost_quotes >= MOST_OPEN_QUOTES:
                raise CannotImport(
                    f"{lost_quotes} rows up to line {number} open a quote and never close it; is this a CSV file?"
                )
            lines.put_back(parts[1:])
            yield BrokenRow(number, "a quote is opened and never closed", line.strip())
            continue
        reason = next((found for _, part in parts[1:] if (found := _broken_line(part))), None)
        try:
            if reason is None:
                cells = next(csv.reader([part for _, part in parts], delimiter=delimiter), None)
                if cells:
                    yield number, cells
                continue
        except csv.Error as error:
            reason = f"its quoting is broken ({error})"
        yield BrokenRow(number, reason, "".join(part for _, part in parts).strip())


def _broken_line(line: str) -> str | None:
    if len(line) >= LONGEST_LINE:
        return "this line is longer than a million characters"
    if _BROKEN_BYTES.search(line):
        return "it holds bytes that are neither UTF-8 nor GB18030"
    return None
