"""One reader for every kind of file: what a person said of it, what it is, and its rows."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from django.utils.translation import gettext as _

from feedback.importing.formats import documents, sheets, tables
from feedback.importing.formats.columns.fields import Field
from feedback.importing.formats.dates.column import Order
from feedback.importing.formats.opening import Bytes, look_at, open_source
from feedback.importing.formats.refusals import NoRows
from feedback.importing.formats.rows import BrokenRow, Row


class Form(StrEnum):
    """What kinds of files there are."""

    TABLE = "table"
    LINES = "JSON, an object a line"
    DOCUMENT = "JSON"
    SHEET = "spreadsheet"


@dataclass(frozen=True)
class Settings:
    """What a person said of a file; all that is empty is judged.

    ``columns``: field to column, "" for none. ``rows_in``: the sheet, or the list in a JSON document. ``header_line``: the line
    that names the columns, 0 for none. ``time_zone``: of dates that name none. Who needs no dates is asked nothing about them.
    """

    time_zone: dt.tzinfo
    columns: Mapping[Field, str] = field(default_factory=dict)
    encoding: str = ""
    delimiter: str = ""
    header_line: int | None = None
    rows_in: str = ""
    date_order: Order | None = None
    date_language: str = ""
    time_zone_is_said: bool = False
    needs_dates: bool = True


@dataclass(frozen=True)
class Shape:
    """What a file is: its form and encoding, and where in it the rows are."""

    looked: Bytes
    form: Form
    layout: tables.Layout | None = None
    rows_in: str = ""
    header_line: int | None = None

    @property
    def path(self) -> Path:
        return self.looked.path

    @property
    def is_json(self) -> bool:
        """Whether its rows are JSON objects."""
        return self.form in (Form.LINES, Form.DOCUMENT)

    @property
    def counts_lines(self) -> bool:
        """Whether a row is found by its line; otherwise by its number."""
        return self.form in (Form.TABLE, Form.LINES)

    def __str__(self) -> str:
        if self.form == Form.SHEET:
            return _('spreadsheet, sheet "%(name)s"') % {"name": self.rows_in}
        encoding = self.looked.name
        if self.form == Form.TABLE:
            assert self.layout is not None
            return (
                f"{_DELIMITER_NAMES.get(self.layout.delimiter, self.layout.delimiter)}, {encoding}"
            )
        if listed := documents.list_name(self.rows_in):
            return f"{self.form}, {listed}, {encoding}"
        return f"{self.form}, {encoding}"


_DELIMITER_NAMES = {
    ",": "CSV",
    ";": "CSV (;)",
    "\t": "TSV",
    "|": "CSV (|)",
    tables.NO_DELIMITER: "CSV",
}


def shape_of(path: Path, settings: Settings) -> Shape:
    """Return what ``path`` is. Raises `CannotImport`, and `Undecided` where a person has to say."""
    looked = look_at(path, settings.encoding)
    if looked.is_sheet:
        sheet = sheets.sheet_of(path, settings.rows_in)
        return Shape(looked, Form.SHEET, rows_in=sheet, header_line=settings.header_line)
    with open_source(looked) as source:
        start = next(
            (
                char
                for char in iter(lambda: source.text.read(1), "")
                if not char.isspace() and char != "\ufeff"
            ),
            "",
        )
    if not start:
        raise NoRows(_("%(file)s is empty.") % {"file": path})
    if start in "{[":
        with open_source(looked) as source:
            is_lines = documents.is_lines(source.text)
        if is_lines:
            return Shape(looked, Form.LINES)
        with open_source(looked) as source:
            prefix = documents.list_of(source.text, path, settings.rows_in)
        return Shape(looked, Form.DOCUMENT, rows_in=prefix)
    is_tabbed = ".tsv" in (suffix.lower() for suffix in path.suffixes)
    with open_source(looked) as source:
        layout = tables.layout_of(
            source.text,
            is_tabbed=is_tabbed,
            delimiter=settings.delimiter,
            header_line=settings.header_line,
        )
    return Shape(looked, Form.TABLE, layout)


class Opened:
    """The rows of an open file, once; ``position`` of ``size`` bytes have been read."""

    def __init__(
        self, rows: Iterator[Row | BrokenRow], size: int, position: "object" = None
    ) -> None:
        self._rows = rows
        self.size = size
        self._source = position

    def __iter__(self) -> Iterator[Row | BrokenRow]:
        return self._rows

    @property
    def position(self) -> int:
        """How many bytes have been read."""
        return int(getattr(self._source, "position", 0))


@contextmanager
def open_rows(shape: Shape) -> Iterator[Opened]:
    """Open the rows of a file, as often as they are wanted. Raises `CannotImport`."""
    looked = shape.looked
    if shape.form == Form.SHEET:
        yield Opened(
            iter(sheets.sheet_rows(shape.path, shape.rows_in, shape.header_line)), looked.size
        )
        return
    with open_source(looked) as source:
        rows: Iterator[Row | BrokenRow]
        if shape.form == Form.LINES:
            rows = documents.line_rows(source.text)
        elif shape.form == Form.DOCUMENT:
            rows = documents.document_rows(source.text, shape.rows_in, shape.path)
        else:
            assert shape.layout is not None
            rows = tables.table_rows(source.text, shape.layout)
        yield Opened(rows, looked.size, source)
