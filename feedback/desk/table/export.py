"""The table of asks as rows of a file."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db.models import QuerySet

from feedback.asks.models import Ask
from feedback.asks.table.queries import attach_growth
from feedback.desk.table.reading import Table
from feedback.kernel import clock
from feedback.kernel.sheets import Cell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Names of the columns: for a program, so the same in every language.
HEAD = (
    "id", "title", "state", "stage", "people", "critical", "important", "posts", "posts_7_days",
    "change_7_days", "area", "owner", "answered_at", "promised", "late", "found_at", "first_post_at",
    "latest_post_at", "keywords", "decline_reason",
)  # fmt: skip
_AT_ONCE = 500


def rows(table: Table) -> Iterator[Sequence[Cell]]:
    """Yield the head and every row of ``table``, in its order; a few queries for every five hundred."""
    yield HEAD
    asks = table.asks.select_related("area", "owner")
    for start in range(0, asks.count(), _AT_ONCE):
        some = _some(asks, start)
        for ask in some:
            yield _row(ask, table)


def _some(asks: QuerySet[Ask], start: int) -> list[Ask]:
    some = list(asks[start : start + _AT_ONCE])
    attach_growth(some, now=clock.now())
    return some


def _row(ask: Ask, table: Table) -> Sequence[Cell]:
    return (
        ask.public_id,
        ask.title,
        ask.state,
        ask.stage,
        ask.people_count,
        ask.critical_count,
        ask.important_count,
        ask.post_count,
        ask.week,
        ask.grown,
        ask.area.name if ask.area is not None and ask.area.is_live else "",
        ask.owner.name if ask.owner is not None else "",
        _time(ask.answered_at),
        "yes" if ask.pk in table.promised else "",
        "yes" if ask.pk in table.late else "",
        _time(ask.created_at),
        _time(ask.first_post_at),
        _time(ask.last_post_at),
        ", ".join(map(str, ask.keywords)),
        ask.decline_reason,
    )


def _time(moment: dt.datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment is not None else ""
