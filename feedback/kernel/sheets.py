"""Tables to take along: CSV and XLSX in which nothing that people wrote is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

import xlsxwriter
from django.http import StreamingHttpResponse

Cell = str | int | float | None

#: What a table program takes for the beginning of a formula, also in full width.
_FORMULA = tuple("=+-@\t\r\n|%＝＋－＠")


class _Echo:
    """Hands back what is written to it."""

    def write(self, value: str) -> str:
        return value


def harmless(cell: str) -> str:
    """Return ``cell`` so that no table program takes it for a formula; pure."""
    starts = cell.lstrip(" \u00a0\u3000\ufeff\u200b")
    return f"'{cell}" if cell.startswith(_FORMULA) or starts.startswith(_FORMULA) else cell


def csv_lines(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield ``rows`` as CSV, a line at a time, marked as UTF-8 for programs that guess."""
    writer = csv.writer(_Echo())
    mark = "\ufeff"
    for row in rows:
        yield mark + writer.writerow([_csv(cell) for cell in row])
        mark = ""


def csv_answer(rows: Iterable[Sequence[Cell]], *, name: str) -> StreamingHttpResponse:
    """Return an answer that streams ``rows`` as the file ``name``.csv."""
    answer = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _csv(cell: Cell) -> Cell:
    return harmless(cell) if isinstance(cell, str) else cell


def xlsx(rows: Iterable[Sequence[Cell]], *, name: str) -> bytes:
    """Return ``rows`` as a workbook of one sheet called ``name``; the first row is its head. Words stay words."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"constant_memory": True, "in_memory": False}) as book:
        sheet = book.add_worksheet(name)
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(at, column, cell, bold if at == 0 else None)
                elif cell is not None:
                    sheet.write_number(at, column, cell)
    return made.getvalue()
