"""What a manager fills in on a release's page."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.kernel.stale import mark_of, words_of
from feedback.kernel.typed import LineField, WordsField
from feedback.roadmap import lengths
from feedback.roadmap.forms import DayField, VersionField
from feedback.roadmap.models import Category, ChangelogLine, Item, Release, Train, Weekday
from feedback.roadmap.train.editing import LINE, notes_of
from feedback.roadmap.train.operations import USUAL_WEEK, WEEKDAYS, days_of
from feedback.roadmap.train.queries import Call, is_ready


def _word(label: Any) -> WordsField:
    return WordsField(
        label=label,
        max_length=lengths.WORD,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everyone who waits for it reads this."),
    )


class PlanForm(forms.Form):
    """The next version on the train."""

    prefix = "plan"
    version = VersionField(label=_("Version"))
    release_date = DayField(
        label=_("Leaves on"), required=False, help_text=_("Empty: the next free departure.")
    )


class SlipForm(forms.Form):
    """Another day, and why."""

    prefix = "slip"
    release_date = DayField(label=_("New day"))
    word = _word(_("Why"))


class HaltForm(forms.Form):
    """Skipped or held, and why."""

    prefix = "halt"
    how = forms.ChoiceField(
        label=_("What happens to it"),
        widget=forms.RadioSelect,
        choices=[
            ("stop", _("Hold it until we know more")),
            ("skip", _("Skip it: what it was to bring takes the next one")),
        ],
        initial="stop",
    )
    word = _word(_("Why"))


class NotesForm(forms.Form):
    """The notes in both languages, side by side."""

    prefix = "notes"
    notes_en = WordsField(
        label=_("In English"),
        required=False,
        max_length=lengths.NOTES,
        widget=forms.Textarea(attrs={"rows": 12, "lang": "en"}),
    )
    notes_zh = WordsField(
        label=_("In Chinese"),
        required=False,
        max_length=lengths.NOTES,
        widget=forms.Textarea(attrs={"rows": 12, "lang": "zh-Hans"}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, release: Release, **kwargs: Any) -> None:
        words = notes_of(release)
        kwargs["initial"] = words | {"seen": mark_of(words)}
        super().__init__(*args, **kwargs)


class DaysForm(forms.Form):
    """The day of each stop, and what is due there. The day of the release itself is promised: it slips."""

    prefix = "days"
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, release: Release, calls: Sequence[Call], **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": mark_of(days_of(release))}
        super().__init__(*args, **kwargs)
        self.calls = list(calls)
        for call in self.calls:
            if call.stop != "RELEASED":
                self.fields[f"{call.stop}_date"] = DayField(
                    label=call.stop.label, initial=call.day.due_date
                )
            self.fields[f"{call.stop}_due"] = LineField(
                label=_("What is due: %(stop)s") % {"stop": call.stop.label},
                required=False,
                max_length=lengths.LINE,
                initial=call.day.due,
            )

    def changes(self) -> dict[str, tuple[dt.date, str]]:
        """Return (day, what is due) of each stop that was changed."""
        found = {}
        for call in self.calls:
            day = self.cleaned_data.get(f"{call.stop}_date", call.day.due_date)
            due = self.cleaned_data[f"{call.stop}_due"]
            if (day, due) != (call.day.due_date, call.day.due):
                found[str(call.stop)] = (day, due)
        return found


class LeaveForm(forms.Form):
    """Release day: what goes along, and what the changelog says of each."""

    prefix = "leave"

    def __init__(self, *args: Any, items: Sequence[Item], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for item in self.items:
            self.fields[f"{item.public_id}_goes"] = forms.BooleanField(
                label=item.title, required=False, initial=is_ready(item)
            )
            self.fields[f"{item.public_id}_text"] = LineField(
                label=_("What the changelog says"),
                required=False,
                max_length=lengths.LINE,
                initial=item.title,
            )

    def rows(self) -> list[tuple[Item, forms.BoundField, forms.BoundField]]:
        """Return each item with its tick and its line."""
        return [
            (item, self[f"{item.public_id}_goes"], self[f"{item.public_id}_text"])
            for item in self.items
        ]

    def going(self) -> list[Item]:
        """Return the items that go along."""
        return [item for item in self.items if self.cleaned_data[f"{item.public_id}_goes"]]

    def texts(self) -> dict[int, str]:
        """Return what the changelog says, by the item's id."""
        return {item.pk: self.cleaned_data[f"{item.public_id}_text"] for item in self.items}


class ProblemForm(forms.Form):
    """Something that is known to be wrong."""

    prefix = "problem"
    text = LineField(label=_("What goes wrong"), max_length=lengths.LINE)
    text_zh = LineField(label=_("The line in Chinese"), required=False, max_length=lengths.LINE)


class ReleaseLinkForm(forms.Form):
    """A link on the page."""

    prefix = "link"
    label = LineField(label=_("What it leads to"), max_length=lengths.LINE)
    url = forms.URLField(label=_("Address"), assume_scheme="https")


class LineForm(forms.Form):
    """A line of the changelog, put better."""

    text = LineField(label=_("What changed"), max_length=lengths.LINE)
    category = forms.ChoiceField(label=_("Kind of change"), choices=Category.choices)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, line: ChangelogLine, **kwargs: Any) -> None:
        self.line = line
        seen = mark_of(words_of(line, LINE))
        kwargs["initial"] = {"text": line.text, "category": line.category, "seen": seen}
        super().__init__(*args, **kwargs | {"prefix": f"line{line.pk}"})


class TrainForm(forms.ModelForm[Train]):
    """When the train leaves, and who may show what it brings."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Train
        fields = USUAL_WEEK
        widgets = {"framed_by": forms.Textarea(attrs={"rows": 3, "placeholder": "https://…"})}

    def __init__(self, data: Mapping[str, Any] | None = None, *, instance: Train) -> None:
        seen = mark_of(words_of(instance, USUAL_WEEK))
        super().__init__(data, instance=instance, initial={"seen": seen})
        for name in WEEKDAYS:
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)
            field.choices = Weekday.choices
