"""What the team types of a poll."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.forum.polls.models import MOST_OPTIONS, OPTION_LENGTH, QUESTION_LENGTH, Shown
from feedback.kernel.typed import LineField, WordsField


class PollForm(forms.Form):
    """A question with answers to choose from, a line each."""

    question = LineField(
        label=_("Question"),
        max_length=QUESTION_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Ask a question.")},
    )
    options = WordsField(
        label=_("Answers to choose from"),
        max_length=MOST_OPTIONS * (OPTION_LENGTH + 1),
        help_text=_("Two to eight, a line each."),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Give two to eight answers to choose from.")},
    )
    takes_several = forms.BooleanField(label=_("Several answers may be chosen"), required=False)
    closes_on = forms.DateField(
        label=_("Open until"),
        help_text=_("The end of that day."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    shown = forms.ChoiceField(
        label=_("Results are shown"),
        choices=Shown.choices,
        initial=Shown.ANSWERED,
        widget=forms.RadioSelect,
    )

    @property
    def said(self) -> dict[str, Any]:
        """What a valid form says, as `make_poll` takes it."""
        day = dt.datetime.combine(
            self.cleaned_data["closes_on"], dt.time.max.replace(microsecond=0)
        )
        return {
            "question": self.cleaned_data["question"],
            "options": self.cleaned_data["options"].split("\n"),
            "takes_several": self.cleaned_data["takes_several"],
            "shown": self.cleaned_data["shown"],
            "closes_at": timezone.make_aware(day),
        }


def chosen_in(values: list[str]) -> list[int]:
    """Return the primary keys among what a form sent as chosen; what is no number is none that there is."""
    return [int(one) if one.isascii() and one.isdigit() and len(one) < 18 else 0 for one in values]
