"""Spreadsheets: XLSX, XLS, XLSB and ODS, read by `python_calamine`."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from feedback.importing.formats.refusals import CannotImport, Choice, Question, Undecided
from feedback.importing.formats.rows import Row, text_of
from feedback.importing.formats.tables import names_of


def sheet_of(path: object, chosen: str = "") -> str:
    """Return the name of the sheet that holds the rows: the one that a person chose, or the only one with two rows.

    Raises `CannotImport` and `Undecided`.
    """
    book = _opened(path)
    if chosen:
        if chosen not in book.sheet_names:
            raise CannotImport(
                _('%(file)s has no list "%(name)s"; its lists are %(known)s.')
                % {"file": path, "name": chosen, "known": ", ".join(book.sheet_names)}
            )
        return chosen
    filled = {name: book.get_sheet_by_name(name).height for name in book.sheet_names}
    filled = {name: height for name, height in filled.items() if height > 1}
    if not filled:
        raise CannotImport(_("%(file)s is empty.") % {"file": path})
    if len(filled) > 1:
        raise Undecided(
            Question(
                "rows_in",
                _("%(file)s holds several sheets with rows.") % {"file": path},
                tuple(Choice(name, f"{name}: {height:,}") for name, height in filled.items()),
            )
        )
    return next(iter(filled))


def sheet_rows(path: object, sheet: str, header_line: int | None = None) -> Iterator[Row]:
    """Yield the rows of a sheet; the header is its first row that is as wide as the table. Raises `CannotImport`."""
    found = _opened(path).get_sheet_by_name(sheet)
    first = found.start[0] if found.start else 0
    names: list[str] = []
    for number, cells in enumerate(found.iter_rows(), first + 1):
        filled = sum(cell != "" for cell in cells)
        if not filled or (header_line and number < header_line):
            continue
        if not names:
            if header_line is None and filled == 1 < len(cells):
                continue
            is_named = header_line != 0
            names = names_of([text_of(cell) if is_named else "" for cell in cells])
            if is_named:
                continue
        yield Row(number, dict(zip(names, map(_value, cells), strict=False)))


def _value(cell: Any) -> Any:
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, dt.time | dt.timedelta):
        return str(cell)
    return cell


def _opened(path: object) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError, ValueError) as error:
        raise CannotImport(
            _("%(file)s cannot be read as a spreadsheet (%(error)s).")
            % {"file": path, "error": str(error)[:80]}
        ) from None
