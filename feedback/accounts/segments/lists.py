"""Reading the list of a segment: customers in CSV, each with what they bring if that is known."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from feedback.accounts.imported import mailable
from feedback.accounts.segments.models import WHO_LENGTH, SegmentLine
from feedback.accounts.segments.queries import customer_key
from feedback.kernel import text, typed
from feedback.kernel.refusals import Refusal

MOST_LINES = 20_000
MOST_LETTERS = 700_000
#: What a column may be called, in small letters.
_HEADS = {
    SegmentLine.Kind.MAIL: ("email", "e-mail", "mail", "邮箱", "电子邮件"),
    SegmentLine.Kind.ACCOUNT: ("account", "user_id", "userid", "sub", "id", "账号", "用户id"),
    SegmentLine.Kind.CUSTOMER: ("customer", "company", "客户", "公司"),
}
_REVENUE = ("revenue", "arr", "mrr", "收入", "年收入")
_MOST_REVENUE = Decimal("999999999999")
#: Numbers of refused lines that are told.
_TOLD = 5


@dataclass(frozen=True)
class Read:
    """What a list says. ``lines`` are (kind, who, revenue), each customer once; ``refused`` the numbers of lines nobody is known by."""

    lines: list[tuple[str, str, Decimal | None]] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    twice: int = 0

    @property
    def refused_told(self) -> str:
        """The numbers of the first refused lines."""
        more = " …" if len(self.refused) > _TOLD else ""
        return ", ".join(map(str, self.refused[:_TOLD])) + more


def read_list(said: str) -> Read:
    """Return what the CSV ``said`` names. Raises `Refusal` where it is too large or has no column that names anybody.

    The first line says which column is which; without one, the first column is the address. The later of two lines
    about one customer holds.
    """
    if len(said) > MOST_LETTERS:
        raise Refusal(_("The list is too large. Bring it in parts."), status=422)
    rows = [row for row in _rows(said.lstrip("\ufeff")) if any(cell.strip() for _, cell in row)]
    if not rows:
        raise Refusal(_("Choose a file, or paste the list."), status=422)
    if len(rows) > MOST_LINES + 1:
        raise Refusal(
            _("A list has %(n)d lines at most. Bring it in parts.") % {"n": MOST_LINES}, status=422
        )
    heads = [text.one_line(cell).lower() for _, cell in rows[0]]
    columns = _columns(heads)
    if not columns:
        if not mailable(rows[0][0][1]):
            raise Refusal(
                _("No column names anybody. Call one “email”, “account” or “customer”."), status=422
            )
        columns = {SegmentLine.Kind.MAIL: 0}
    else:
        rows = rows[1:]
    money = next((at for at, head in enumerate(heads) if head in _REVENUE), None)
    return _read(rows, columns, money)


def _rows(said: str) -> Iterator[list[tuple[int, str]]]:
    """Yield the cells of each row, each with the number of its line."""
    head = said.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(said), delimiter=delimiter)
    try:
        for row in reader:
            yield [(reader.line_num, cell) for cell in row]
    except csv.Error:
        raise Refusal(
            _("Line %(n)d cannot be read as CSV.") % {"n": reader.line_num}, status=422
        ) from None


def _columns(heads: Sequence[str]) -> dict[str, int]:
    return {
        kind: at for kind, names in _HEADS.items() for at, head in enumerate(heads) if head in names
    }


def _read(
    rows: Sequence[Sequence[tuple[int, str]]], columns: dict[str, int], money: int | None
) -> Read:
    lines: dict[tuple[str, str], Decimal | None] = {}
    refused, twice = [], 0
    for row in rows:
        who = next((one for kind, at in columns.items() if (one := _who(kind, row, at))), None)
        revenue, is_number = _money(row, money)
        if who is None or not is_number:
            refused.append(row[0][0])
            continue
        twice += who in lines
        lines[who] = revenue
    return Read([(*who, revenue) for who, revenue in lines.items()], refused, twice)


def _who(kind: str, row: Sequence[tuple[int, str]], at: int) -> tuple[str, str] | None:
    """Return (kind, who) of one cell, None where it names nobody."""
    cell = row[at][1] if at < len(row) else ""
    if kind == SegmentLine.Kind.MAIL:
        who = mailable(cell)
    else:
        who = typed.shown(text.one_line(cell))
        who = customer_key(who) if who and kind == SegmentLine.Kind.CUSTOMER else who
    return (kind, who) if who and len(who) <= WHO_LENGTH else None


def _money(row: Sequence[tuple[int, str]], at: int | None) -> tuple[Decimal | None, bool]:
    """Return what a row says of revenue, and whether that is a number or nothing."""
    cell = row[at][1] if at is not None and at < len(row) else ""
    said = "".join(one for one in cell if one.isdigit() or one in ".,-")
    if not said:
        return None, True
    if "," in said and "." not in said and len(said.rpartition(",")[2]) != 3:
        said = said.replace(",", ".")
    try:
        value = Decimal(said.replace(",", "")).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None, False
    return value, 0 <= value <= _MOST_REVENUE
