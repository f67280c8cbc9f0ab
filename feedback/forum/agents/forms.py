"""What is said of agents: a code, a name, a consent."""

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.kernel.typed import LineField


class CodeForm(forms.Form):
    """The code of the person for whom this account acts."""

    code = LineField(
        label=_("Code of the person it acts for"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class HumanForm(forms.Form):
    """Whose agent an account is; nobody's where nothing is said."""

    human = LineField(
        label=_("Agent of"),
        max_length=254,
        required=False,
        help_text=_("Name or address of the person. Empty: it is a person, no agent."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
