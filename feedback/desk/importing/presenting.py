"""Imports, ready for the desk."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from feedback.forum.models import Post
from feedback.importing.formats.columns.labels import LABELS
from feedback.importing.formats.rows import text_of
from feedback.importing.models import Import, RefusedRow

#: What a column may be taken for, in the order in which a person looks for it.
FIELDS = [(what.value, label) for what, label in LABELS.items()]
_NAMES = dict(FIELDS)
#: Questions that a word or two answers, where the file offers no choices.
_ANSWERED_BY: dict[str, Any] = {
    "header_line": _("The line that names the columns, 0 for none"),
    "encoding": _("Encoding, such as cp1252 or gb18030"),
    "time_zone": _("Time zone, such as Asia/Shanghai"),
    "date_language": _("Language of the months, such as hr or cs"),
}
_CELLS_SHOWN = 40


@dataclass(frozen=True)
class ShownExample:
    """One row as a post, as desk/importing/_mapping.html reads it."""

    title: str
    body: str
    facts: list[tuple[Any, str]]
    posted_at: dt.datetime | None


def shown_examples(one: Import) -> list[ShownExample]:
    """Return three rows of the file as posts."""
    return [_example(row) for row in one.found.get("examples", [])]


def _example(row: dict[str, Any]) -> ShownExample:
    kinds = dict(Post.Kind.choices)
    facts = [
        (_NAMES["author"], row["author"] or _("nobody")),
        (_NAMES["stars"], row["stars"]),
        (_NAMES["kind"], kinds.get(row["kind"], "")),
        (_NAMES["app_version"], row["version"]),
        (_NAMES["country"], row["country"]),
        (_NAMES["votes"], row["votes"]),
        (_NAMES["state"], row["state"]),
        (_NAMES["tags"], row["tags"]),
        (_NAMES["answer"], row["answer"]),
        (_NAMES["comments"], row["comments"] or ""),
        (_NAMES["external_id"], row["id"]),
    ]
    return ShownExample(
        title=row["title"],
        body="" if row["body"] == row["title"] else row["body"],
        facts=[(name, str(value)) for name, value in facts if value not in ("", None)],
        posted_at=dt.datetime.fromisoformat(row["posted_at"]) if row["posted_at"] else None,
    )


def question_label(one: Import) -> Any:
    """Return what the field is called that answers an open question without choices."""
    setting = str((one.found.get("question") or {}).get("setting", ""))
    if setting.startswith("columns."):
        return _("Column for: %(what)s") % {
            "what": _NAMES.get(setting.removeprefix("columns."), setting)
        }
    return _ANSWERED_BY.get(setting, _("Answer"))


@dataclass(frozen=True)
class Cell:
    """One value of a refused row: its column's name, the name of its field, and what stands there."""

    name: str
    key: str
    value: str
    is_long: bool


@dataclass(frozen=True)
class ShownRefusal:
    """A row that could not be taken, as desk/importing/refused.html reads it."""

    pk: int
    line: int
    reason: str
    is_waiting: bool
    cells: list[Cell]
    more: int
    raw: str


def shown_refusals(one: Import, rows: Sequence[RefusedRow]) -> list[ShownRefusal]:
    """Return ``rows`` with their values by column: those that are taken for something first."""
    columns = one.found.get("columns", [])
    encoding = one.found.get("encoding") or "utf-8"
    return [_refusal(row, columns, encoding) for row in rows]


def _refusal(row: RefusedRow, columns: list[dict[str, Any]], encoding: str) -> ShownRefusal:
    said = json.loads(row.said)
    order = sorted(range(len(columns)), key=lambda at: not columns[at]["field"])
    cells = []
    for at in order:
        name = columns[at]["name"]
        value = text_of(said.get(name)).encode("utf-8", "replace").decode("utf-8")
        if value or columns[at]["field"] or len(columns) <= _CELLS_SHOWN:
            cells.append(Cell(name, f"cell-{at}", value, len(value) > 80 or "\n" in value))
    return ShownRefusal(
        pk=row.pk,
        line=row.line,
        reason=row.reason,
        is_waiting=row.state == RefusedRow.State.WAITING,
        cells=cells[:_CELLS_SHOWN],
        more=max(0, len(cells) - _CELLS_SHOWN),
        raw=bytes(row.raw).decode(encoding, "replace") if row.raw else "",
    )
