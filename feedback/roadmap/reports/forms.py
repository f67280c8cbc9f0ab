"""What a person fills in: four cells, each with things to pick and a line to write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.accounts.models import User
from feedback.asks.models import Ask
from feedback.asks.queries import resolve
from feedback.kernel import text
from feedback.kernel.typed import LineField
from feedback.roadmap import lengths
from feedback.roadmap.models import Cell, Item, Report, ReportResponse
from feedback.roadmap.models.reports import VERDICTS
from feedback.roadmap.reports import queries
from feedback.roadmap.reports.operations import Said

#: What each cell asks.
QUESTIONS: Mapping[str, str | Promise] = {
    Cell.LOVED: _("What turned out well?"),
    Cell.NEEDS_WORK: _("What is there, and not good enough yet?"),
    Cell.WAITING_FOR: _("What do you wait for? It counts as “me too”."),
    Cell.BROKEN: _("What does not work, or not any more?"),
}
ICONS = {
    Cell.LOVED: "heart",
    Cell.NEEDS_WORK: "edit",
    Cell.WAITING_FOR: "clock",
    Cell.BROKEN: "alert",
}


def public(ask: Ask | None) -> Ask | None:
    """Return what ``ask`` has become, where everyone may read it."""
    live = resolve(ask) if ask is not None else None
    return live if live is not None and live.is_public else None


@dataclass(frozen=True)
class Pick:
    """Something to tap in a cell."""

    value: str
    title: str
    language: str
    is_chosen: bool


@dataclass(frozen=True)
class GridCell:
    """One cell as the page draws it; ``near`` are the asks that its line may mean, ``ask`` the chosen one's id."""

    cell: Cell
    question: str | Promise
    icon: str
    picks: Sequence[Pick]
    line: BoundField
    near: Sequence[Ask]
    ask: str
    count: int


class AskField(forms.CharField):
    """A public ask of one product by its public id, or by that of an ask that was joined into it."""

    def __init__(self, report: Report) -> None:
        super().__init__(required=False)
        self._asks = Ask.objects.filter(product=report.release.product_id)

    def clean(self, value: Any) -> Ask | None:
        return public(self._asks.filter(public_id=text.one_line(str(value or ""))).first())


class GridForm(forms.Form):
    """The four cells of one report."""

    def __init__(
        self,
        *args: Any,
        report: Report,
        person: User,
        response: ReportResponse | None = None,
        **kwargs: Any,
    ) -> None:
        """Start with what ``response`` says, where ``person`` has sent the report before."""
        entries = list(response.entries.select_related("item", "ask")) if response else []
        for entry in entries:
            entry.ask = public(entry.ask)
        kwargs["initial"] = _initial(entries)
        super().__init__(*args, **kwargs)
        self._items: dict[str, Item] = {item.public_id: item for item in queries.items_in(report)}
        waited = queries.waited_for(report.release.product, person)
        said = [entry.ask for entry in entries if entry.cell == Cell.WAITING_FOR and entry.ask]
        self._asks: dict[str, Ask] = {ask.public_id: ask for ask in [*said, *waited]}
        for cell in Cell:
            subjects = self._items if cell in VERDICTS else self._asks
            self.fields[f"pick-{cell}"] = forms.MultipleChoiceField(
                choices=[(key, key) for key in subjects],
                required=False,
                error_messages={
                    "invalid_choice": _("Something you picked is not in the list any more.")
                },
            )
            self.fields[f"line-{cell}"] = LineField(
                label=_("In your words"),
                max_length=lengths.REPORT_LINE,
                required=False,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )
            self.fields[f"ask-{cell}"] = AskField(report)

    @property
    def said(self) -> list[Said]:
        """Return what is picked and written, once the form is valid."""
        found = []
        for cell in Cell:
            for key in self.cleaned_data[f"pick-{cell}"]:
                if cell in VERDICTS:
                    found.append(Said(cell, item=self._items[key]))
                else:
                    found.append(Said(cell, ask=self._asks[key]))
            if line := self.cleaned_data[f"line-{cell}"]:
                found.append(Said(cell, ask=self.cleaned_data[f"ask-{cell}"], text=line))
        return found

    def line_of(self, cell: str) -> str:
        """Return what is written in ``cell`` so far, as it was typed."""
        return text.one_line(str(self[f"line-{cell}"].value() or ""))

    def cells(self, near: Mapping[str, Sequence[Ask]] | None = None) -> list[GridCell]:
        """Return the cells to draw; ``near`` are the asks that a line may mean, by cell."""
        return [self._cell(cell, (near or {}).get(cell, ())) for cell in Cell]

    def _cell(self, cell: Cell, near: Sequence[Ask]) -> GridCell:
        chosen = set(self[f"pick-{cell}"].value() or ())
        subjects: Mapping[str, Item | Ask] = self._items if cell in VERDICTS else self._asks
        ask: Ask | None = self.fields[f"ask-{cell}"].clean(self[f"ask-{cell}"].value())
        if ask is not None and ask not in near:
            near = [ask, *near]
        return GridCell(
            cell=cell,
            question=QUESTIONS[cell],
            icon=ICONS[cell],
            picks=[
                Pick(key, _title(one), text.language_of(_title(one)), key in chosen)
                for key, one in subjects.items()
            ],
            line=self[f"line-{cell}"],
            near=near,
            ask=ask.public_id if ask is not None else "",
            count=len(chosen) + bool(self.line_of(cell)),
        )


def _title(one: Item | Ask) -> str:
    return one.title_here if isinstance(one, Ask) else one.title


def _initial(entries: Sequence[Any]) -> dict[str, Any]:
    """Return what the fields hold for ``entries``: a line with what it points at, or something picked."""
    initial: dict[str, Any] = {}
    for entry in entries:
        if entry.text:
            initial[f"line-{entry.cell}"] = entry.text
            initial[f"ask-{entry.cell}"] = entry.ask.public_id if entry.ask else ""
        else:
            one = entry.item if entry.cell in VERDICTS else entry.ask
            if one is not None:
                initial.setdefault(f"pick-{entry.cell}", []).append(one.public_id)
    return initial
