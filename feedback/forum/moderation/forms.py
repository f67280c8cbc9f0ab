"""What people write to the team: a report, an appeal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.accounts.captcha import Place
from feedback.accounts.captcha.fields import NAME as CAPTCHA
from feedback.accounts.captcha.fields import add_captcha, check_last
from feedback.forum.moderation.models import LINE_LENGTH, WORD_LENGTH, Reason
from feedback.kernel.typed import LineField, WordsField


class FlagForm(forms.Form):
    """What is wrong with something."""

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what is wrong with it.")},
    )
    line = LineField(
        label=_("What the team should know"),
        max_length=LINE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, by_visitor: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if by_visitor:
            add_captcha(self, Place.REPORTS)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        check_last(self)  # while its service is away a report comes in: the team alone sees it
        cleaned.pop(CAPTCHA, None)
        return cleaned


class WhyForm(forms.Form):
    """Why the team does something to what somebody wrote."""

    word = LineField(
        label=_("Why, in a sentence"),
        max_length=LINE_LENGTH,
        help_text=_("Its author reads it."),
        error_messages={"required": _("Say why: its author reads it.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class AppealForm(forms.Form):
    """Why a decision was wrong."""

    words = WordsField(
        label=_("Why the decision was wrong"),
        max_length=WORD_LENGTH,
        error_messages={"required": _("Say in a sentence why the decision was wrong.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
