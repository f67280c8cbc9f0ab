"""The inbox as rows of a file: what waits, as it is narrowed, in the same order."""

from collections.abc import Iterator, Sequence

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from feedback.accounts.permissions import team_required
from feedback.desk.inbox.waiting import ranked, rows_of, wish_of
from feedback.desk.presenting import shown_proposal
from feedback.desk.product import picked
from feedback.kernel import clock, sheets
from feedback.kernel.sheets import Cell

#: Names of the columns: for a program, so the same in every language.
HEAD = (
    "id", "kind", "ask", "title", "other", "people", "posts", "proposed_at", "owner", "later_until",
)  # fmt: skip
_AT_ONCE = 500


def rows(ids: Sequence[int]) -> Iterator[Sequence[Cell]]:
    """Yield the head and a row for each proposal of ``ids``; a query for every five hundred."""
    yield HEAD
    for start in range(0, len(ids), _AT_ONCE):
        for proposal in rows_of(list(ids[start : start + _AT_ONCE])):
            shown = shown_proposal(proposal)
            yield (
                shown.public_id,
                shown.kind,
                proposal.ask.public_id,
                shown.title,
                shown.preview,
                shown.people_count,
                shown.post_count,
                shown.made_at.isoformat(),
                shown.owner.name if shown.owner is not None else "",
                shown.later_until.isoformat() if shown.later_until is not None else "",
            )


@require_safe
@team_required
def inbox_file(request: HttpRequest) -> HttpResponseBase:
    """Give the list to take along."""
    ids = ranked(picked(request), wish_of(request), now=clock.now())
    return sheets.csv_answer(rows(ids), name="proposals")
