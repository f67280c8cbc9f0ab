"""The internal log: who did what to whom for order, to be read, narrowed and taken along. Nobody can edit it."""

import datetime as dt
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from feedback.accounts.permissions import moderator_required
from feedback.forum.models import Board
from feedback.forum.moderation.acts import Act
from feedback.forum.moderation.log import Wanted, boards_within_reach, log
from feedback.forum.moderation.log_lines import Line, lines_of
from feedback.forum.moderation.models import Action
from feedback.journal.models import Entry
from feedback.kernel import sheets
from feedback.kernel.refusals import Refusal
from feedback.kernel.typed import LineField

#: Lines of a page; and of an export, so many are read at once.
SHOWN, _AT_ONCE = 50, 500
#: Names of the columns: for a program, so the same in every language.
HEAD = (
    "at", "by", "by_id", "what", "concerns", "concerns_id", "about", "board", "word", "data",
)  # fmt: skip


class _Day(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"})


class NarrowForm(forms.Form):
    """What of the log is shown."""

    kind = forms.ChoiceField(label=gettext_lazy("What was done"), required=False)
    by = LineField(
        label=gettext_lazy("Who did it"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("A part of the name."),
    )
    person = LineField(
        label=gettext_lazy("Whom it concerns"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("A part of the name, or as an erased account is called here."),
    )
    board = forms.ModelChoiceField(
        label=gettext_lazy("Board"),
        queryset=Board.objects.none(),
        to_field_name="slug",
        required=False,
    )
    since = _Day(label=gettext_lazy("From this day"), required=False)
    until = _Day(label=gettext_lazy("To this day"), required=False)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind, board = self.fields["kind"], self.fields["board"]
        assert isinstance(kind, forms.ChoiceField) and isinstance(board, forms.ModelChoiceField)
        kind.choices = [
            ("", _("Everything")),
            *Act.choices,
            (_("One kind of decision"), Action.choices),
        ]
        board.queryset = boards_within_reach(request.user)
        board.empty_label = _("Every board")

    @property
    def wanted(self) -> Wanted:
        """What is asked for, of a form that is valid."""
        said = dict(self.cleaned_data)
        until = said.pop("until")
        return Wanted(
            **said | {"since": _midnight(said["since"])},
            until=_midnight(until + dt.timedelta(days=1)) if until is not None else None,
        )


def _midnight(day: dt.date | None) -> dt.datetime | None:
    return timezone.make_aware(dt.datetime.combine(day, dt.time())) if day is not None else None


@require_safe
@moderator_required
def moderation_log(request: HttpRequest) -> HttpResponse:
    """Show what was done for order, newest first; ``before`` is the number of the last line of the page before."""
    form = NarrowForm(request.GET, request=request)
    found: list[Line] = []
    if form.is_valid():
        entries = log(form.wanted, reader=request.user).order_by("-pk")
        before = request.GET.get("before", "")
        if before.isascii() and before.isdigit() and len(before) < 19:
            entries = entries.filter(pk__lt=int(before))
        found = lines_of(list(entries[: SHOWN + 1]))
    keep = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    older = {"before": found[SHOWN - 1].entry.pk} if len(found) > SHOWN else {}
    context = {
        "nav": "desk",
        "form": form,
        "lines": found[:SHOWN],
        "keep": urlencode(keep),
        "older": urlencode(keep | older) if older else "",
        "is_first": "before" not in request.GET,
    }
    return render(request, "desk/moderation/log.html", context)


@require_safe
@moderator_required
def moderation_log_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Send the log as it is narrowed, oldest first, as CSV or as JSON Lines; whoever was erased is a pseudonym in it."""
    form = NarrowForm(request.GET, request=request)
    if not form.is_valid():
        raise Refusal(_("Something in the filter is no day or no board."), status=422)
    entries = log(form.wanted, reader=request.user).order_by("pk")
    rows = _rows(entries.iterator(chunk_size=_AT_ONCE))
    if kind == "csv":
        return sheets.csv_answer(_table(rows), name="moderation")
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    answer = StreamingHttpResponse(lines, content_type="application/jsonl; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="moderation.jsonl"'
    return answer


def _rows(entries: Iterator[Entry]) -> Iterator[dict[str, Any]]:
    while some := list(islice(entries, _AT_ONCE)):
        yield from map(_row, lines_of(some))


def _row(line: Line) -> dict[str, Any]:
    entry = line.entry
    about = f"{line.kind}:{line.public_id}" if line.kind else ""
    cells = (
        entry.at.isoformat(), line.by, entry.actor_id, entry.verb, line.person, line.person_id,
        about or f"{entry.subject_type}:{entry.subject_id}", line.board, line.word, entry.data,
    )  # fmt: skip
    return dict(zip(HEAD, cells, strict=True))


def _table(rows: Iterator[dict[str, Any]]) -> Iterator[list[sheets.Cell]]:
    yield list(HEAD)
    for row in rows:
        yield [*list(row.values())[:-1], json.dumps(row["data"], ensure_ascii=False)]
