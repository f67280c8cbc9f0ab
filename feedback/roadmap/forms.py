"""What a manager fills in on an item's page."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from feedback.accounts.models import IN_TEAM, User
from feedback.asks.models import Ask
from feedback.asks.models.asks import REASON_LENGTH
from feedback.asks.stages import Stage, after
from feedback.forum.models import TITLE_LENGTH, VERSION_LENGTH
from feedback.kernel.refusals import Refusal
from feedback.kernel.stale import mark_of, words_of
from feedback.kernel.typed import LineField, WordsField
from feedback.roadmap import lengths
from feedback.roadmap.models import Item
from feedback.roadmap.operations import PRIVATE
from feedback.roadmap.train.departing import check_version

_ASK_ID = re.compile(r"([23456789a-z]{11})/?\s*$")
#: Days that a person means; a slip of the pen is none of them.
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2100, 12, 31)
#: More people than there are.
_MOST = 1_000_000_000


def _stands_in_an_address(version: str) -> None:
    try:
        check_version(version)
    except Refusal as why:
        raise ValidationError(str(why)) from None


class VersionField(LineField):
    """The name of a release, such as 1.4.0 or 2026.10 beta."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off"})
        super().__init__(max_length=VERSION_LENGTH, widget=widget, **kwargs)
        self.validators.append(_stands_in_an_address)


class DayField(forms.DateField):
    """A day, picked with the browser's own calendar."""

    default_validators = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
    widget = forms.DateInput(
        attrs={"type": "date", "min": f"{FIRST_DAY}", "max": f"{LAST_DAY}"}, format="%Y-%m-%d"
    )


class MoveForm(forms.Form):
    """To which stage, and why when it is a refusal."""

    stage = forms.ChoiceField(label=_("New stage"))
    reason = WordsField(
        label=_("Public reason"),
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed to decline. Everyone who asked reads it."),
    )

    mind_people = forms.IntegerField(
        label=_("People who would change our mind"),
        required=False,
        min_value=1,
        max_value=_MOST,
        help_text=_(
            "For a refusal: from so many on we look again. Everyone reads it; Heed watches and tells you."
        ),
    )
    mind_votes = forms.IntegerField(
        label=_("Or so many votes"), required=False, min_value=1, max_value=_MOST
    )

    def __init__(self, *args: Any, item: Item, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"prefix": "move"})
        allowed = after(item.stage) - {Stage.SHIPPED}
        stages = self.fields["stage"]
        assert isinstance(stages, forms.ChoiceField)
        stages.choices = [(stage.value, stage.label) for stage in Stage if stage in allowed]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("stage") == Stage.DECLINED and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Say why, in a sentence that everyone who asked may read."))
        return cleaned


class ShipForm(forms.Form):
    """In which version it shipped, and what the changelog says."""

    version = VersionField(label=_("Version"))
    release_date = DayField(label=_("Release date"))
    text = LineField(
        label=_("What changed"),
        max_length=lengths.LINE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One line of the changelog, in the words of those who use it."),
    )

    def __init__(self, *args: Any, item: Item, today: dt.date, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "version": item.release.version if item.release else "",
            "release_date": today,
            "text": item.title,
        }
        super().__init__(*args, **kwargs | {"prefix": "ship"})


class EditForm(forms.Form):
    """The words of an item, and when it is planned for."""

    title = LineField(label=_("Title"), max_length=TITLE_LENGTH)
    summary = WordsField(
        label=_("What will change"),
        required=False,
        max_length=lengths.SUMMARY,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    version = VersionField(label=_("Planned for version"), required=False)
    release_date = DayField(
        label=_("Which leaves on"),
        required=False,
        help_text=_("Only for a version that is not on the train yet."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, item: Item, **kwargs: Any) -> None:
        release = item.release
        kwargs["initial"] = {
            "title": item.title,
            "summary": item.summary,
            "version": release.version if release else "",
            "release_date": release.release_date if release and not release.is_dated else None,
            "seen": mark_of({"title": item.title, "summary": item.summary}),
        }
        self.product = item.product
        super().__init__(*args, **kwargs | {"prefix": "edit"})
        if item.stage == Stage.SHIPPED:
            del self.fields["version"], self.fields["release_date"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        version = cleaned.get("version")
        if version and not cleaned.get("release_date"):
            known = self.product.releases.filter(version=version).first()
            if known is None and "release_date" not in self.errors:
                self.add_error("release_date", _("Say on which day this version leaves."))
        return cleaned


class PrivateForm(forms.ModelForm[Item]):
    """What only the team reads."""

    prefix = "private"
    private_notes = WordsField(
        label=_("Private notes"),
        required=False,
        max_length=lengths.NOTES,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Item
        fields = PRIVATE
        labels = {"owner": _("Owner")}

    def __init__(self, data: Mapping[str, Any] | None = None, *, instance: Item) -> None:
        seen = mark_of(words_of(instance, PRIVATE))
        super().__init__(data, instance=instance, initial={"seen": seen})
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = User.objects.filter(IN_TEAM)
        owner.empty_label = _("Nobody yet")


class LinkForm(forms.Form):
    """Another ask that the item answers, by its address."""

    ask = forms.CharField(
        label=_("Address of the ask"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "/asks/…/"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"prefix": "link"})

    def clean_ask(self) -> Ask:
        """Return the ask whose address, or id, was pasted."""
        match = _ASK_ID.search(self.cleaned_data["ask"])
        ask = Ask.objects.filter(public_id=match.group(1)).first() if match else None
        if ask is None:
            raise ValidationError(_("There is no ask at this address."))
        return ask
