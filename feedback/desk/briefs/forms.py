"""What a person fills in of a brief."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.briefs.models import NOTE_LENGTH, WORDS_LENGTH, Brief
from feedback.briefs.operations import words_of
from feedback.kernel.stale import mark_of
from feedback.kernel.typed import WordsField


class BriefForm(forms.Form):
    """The words in both languages, side by side, and whom it quotes; of what is published, a word on what was wrong."""

    words_en = WordsField(
        label=_("In English"),
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 18, "lang": "en"}),
    )
    words_zh = WordsField(
        label=_("In Chinese"),
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 18, "lang": "zh-Hans"}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, brief: Brief, **kwargs: Any) -> None:
        words = words_of(brief)
        kwargs["initial"] = words | {"seen": mark_of(words)}
        super().__init__(*args, **kwargs)
        choices = [(quote.pk, quote.sentence) for quote in brief.quotes.all()]
        self.fields["quotes"] = forms.TypedMultipleChoiceField(
            coerce=int,
            required=False,
            choices=choices,
            initial=[quote.pk for quote in brief.quotes.all() if quote.is_chosen],
        )
        if brief.is_published:
            self.fields["note"] = _note()

    @property
    def picked(self) -> set[int]:
        """The quotes that are ticked, as the form stands."""
        return {int(one) for one in self["quotes"].value() or () if str(one).isdecimal()}


class NoteForm(forms.Form):
    """Why a brief is taken back."""

    prefix = "back"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"] = _note()


def _note() -> WordsField:
    return WordsField(
        label=_("What was wrong"),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Everyone who reads the brief reads this too."),
    )
