"""What moving an item needs besides the stage: a reason to decline, a version to ship."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.asks.stages import Stage, after
from feedback.roadmap.forms import DayField, MoveForm, ShipForm, VersionField
from feedback.roadmap.models import Item

#: What a person writes here, which nothing may lose.
KEPT = ("reason", "version", "release_date", "text")


class PlaceForm(forms.Form):
    """To which of some stages, with the fields that they need and no others."""

    to = forms.ChoiceField(label=_("New stage"), widget=forms.RadioSelect)
    reason = MoveForm.base_fields["reason"]
    version = VersionField(
        label=_("Version"), required=False, help_text=_("Needed to ship: in which it is.")
    )
    release_date = DayField(label=_("Release date"), required=False)
    text = ShipForm.base_fields["text"]
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    back = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        item: Item,
        wanted: Collection[str],
        back: str,
        today: dt.date,
        kept: Mapping[str, str] | None = None,
    ) -> None:
        """``wanted``: the stages to choose from, all that may follow where none of them may; ``kept``: what was written so far."""
        initial: dict[str, Any] = {
            "version": item.release.version if item.release else "",
            "release_date": today,
            "text": item.title,
            "seen": item.stage,
            "back": back,
        }
        initial |= {name: (kept or {})[name] for name in KEPT if name in (kept or {})}
        allowed = [stage for stage in Stage if stage in after(item.stage)]
        stages = [stage for stage in allowed if stage in wanted] or allowed
        if len(stages) == 1:
            initial["to"] = stages[0].value
        super().__init__(data, initial=initial)
        to = self.fields["to"]
        assert isinstance(to, forms.ChoiceField)
        to.choices = [(stage.value, stage.label) for stage in stages]
        if Stage.DECLINED not in stages:
            del self.fields["reason"]
        if Stage.SHIPPED not in stages:
            for name in ("version", "release_date", "text"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        to = cleaned.get("to")
        if to == Stage.DECLINED and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Say why, in a sentence that everyone who asked may read."))
        if to == Stage.SHIPPED and "version" not in self.errors and not cleaned.get("version"):
            self.add_error("version", _("Say in which version it ships."))
        return cleaned
