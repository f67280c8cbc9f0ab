"""The columns as a manager fills them in: as many rows as there are stages."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.forum.models import NAME_LENGTH
from feedback.kernel.stale import mark_of
from feedback.kernel.typed import LineField
from feedback.roadmap.columns.operations import Wanted, words_of
from feedback.roadmap.columns.queries import STAGES
from feedback.roadmap.models import Column


class ColumnForm(forms.Form):
    """One column. Without a stage it is none."""

    name = LineField(
        label=_("Name"), required=False, max_length=NAME_LENGTH, help_text=_("Empty: its stages.")
    )
    name_zh = LineField(label=_("Name in Chinese"), required=False, max_length=NAME_LENGTH)
    stages = forms.MultipleChoiceField(
        label=_("Stages it holds"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(stage.value, stage.label) for stage in STAGES],
    )
    shown_to = forms.ChoiceField(label=_("Who sees it"), choices=Column.ShownTo.choices)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("stages") and (cleaned.get("name") or cleaned.get("name_zh")):
            self.add_error("stages", _("Say which stages it holds."))
        return cleaned


class ColumnsForm(forms.Form):
    """The mark of the columns that the person began with, and a `ColumnForm` for each of them in ``rows``."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, columns: Sequence[Column]) -> None:
        super().__init__(data, initial={"seen": mark_of(words_of(columns))})
        names = ("name", "name_zh", "stages", "shown_to")
        initial = [{name: getattr(column, name) for name in names} for column in columns]
        initial += [{}] * (len(STAGES) - len(initial))
        self.rows = [
            ColumnForm(data, prefix=f"column-{at}", initial=kept)
            for at, kept in enumerate(initial, start=1)
        ]

    def is_valid(self) -> bool:
        rows = [row.is_valid() for row in self.rows]
        return super().is_valid() and all(rows)

    @property
    def wanted(self) -> list[Wanted]:
        """The columns that were filled in, in their order."""
        return [Wanted(**row.cleaned_data) for row in self.rows if row.cleaned_data["stages"]]
