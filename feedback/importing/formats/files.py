"""One reader for every kind of file: what a person said of it, what it is, and its rows."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from django.utils.translation import gettext as _

from feedback.importing.formats import documents, sheets, tables
from feedback.importing.formats.columns.fields import Field
from feedback.importing.formats.dates.column import Order
from feedback.importing.formats.known import NONE, KnownFormat, Shaped, recognised
from feedback.importing.formats.opening import Bytes, look_at, open_source
from feedback.importing.formats.refusals import CannotImport, NoRows
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
    that names the columns, 0 for none. ``time_zone``: of dates that name none. ``format``: the known format it is of, "none" for
    none of them. Who needs no dates is asked nothing about them.
    """

    time_zone: dt.tzinfo
    columns: Mapping[Field, str] = field(default_factory=dict)
    encoding: str = ""
    delimiter: str = ""
    header_line: int | None = None
    rows_in: str = ""
    format: str = ""
    date_order: Order | None = None
    date_language: str = ""
    time_zone_is_said: bool = False
    needs_dates: bool = True


@dataclass(frozen=True)
class Shape:
    """What a file is: its form and encoding, where in it the rows are, and the format that it is known to have."""

    looked: Bytes
    form: Form
    layout: tables.Layout | None = None
    rows_in: str = ""
    header_line: int | None = None
    known: KnownFormat | None = None

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


def shape_of(path: Path, settings: Settings, formats: Sequence[KnownFormat] = ()) -> Shape:
    """Return what ``path`` is, one of the known ``formats`` if it has the columns of one.

    Raises `CannotImport`, and `Undecided` where a person has to say.
    """
    if settings.format not in ("", NONE, *(one.key for one in formats)):
        raise CannotImport(
            _('There is no format "%(name)s"; there are %(known)s.')
            % {"name": settings.format, "known": ", ".join(one.key for one in formats)},
            "format",
        )
    shape = _bare_shape(path, settings, formats if settings.format != NONE else ())
    with open_rows(shape) as opened:
        known = recognised(opened, formats, chosen=settings.format)
    return replace(shape, known=known)


def _bare_shape(path: Path, settings: Settings, formats: Sequence[KnownFormat]) -> Shape:
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
        wholes = [one.whole for one in formats if one.whole]
        with open_source(looked) as source:
            is_one_row = not settings.rows_in and documents.has_keys(source.text, wholes)
        if is_one_row:
            return Shape(looked, Form.DOCUMENT)
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
        self,
        rows: Iterable[Row | BrokenRow],
        size: int,
        known: KnownFormat | None,
        source: "object" = None,
    ) -> None:
        self._rows = rows if known is None else Shaped(rows, known)
        self.size = size
        self._source = source

    def __iter__(self) -> Iterator[Row | BrokenRow]:
        return iter(self._rows)

    @property
    def left_out(self) -> int:
        """How many rows were no posts."""
        return self._rows.left_out if isinstance(self._rows, Shaped) else 0

    @property
    def position(self) -> int:
        """How many bytes have been read."""
        return int(getattr(self._source, "position", 0))


@contextmanager
def open_rows(shape: Shape) -> Iterator[Opened]:
    """Open the rows of a file, as often as they are wanted. Raises `CannotImport`."""
    looked = shape.looked
    if shape.form == Form.SHEET:
        sheet = sheets.sheet_rows(shape.path, shape.rows_in, shape.header_line)
        yield Opened(sheet, looked.size, shape.known)
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
        yield Opened(rows, looked.size, shape.known, source)
