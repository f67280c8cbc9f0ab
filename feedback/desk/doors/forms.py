"""What the team says of who gets in."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from feedback.accounts.joining.domains import read_domains
from feedback.accounts.joining.doors import Doors, said_by_environment
from feedback.accounts.joining.models import Way
from feedback.accounts.joining.operations import QUESTION_EDITED
from feedback.accounts.models import HandOverKey, QuizQuestion
from feedback.forum.models import Rule
from feedback.forum.moderation.models import LINE_LENGTH, Action
from feedback.kernel.typed import LineField, WordsField


class DoorsForm(forms.Form):
    """Who may sign up, and who reads. What the environment says stands there, and is not changed here."""

    way = forms.ChoiceField(
        label=_("Who may sign up"), choices=Way.choices, widget=forms.RadioSelect
    )
    domains = LineField(
        label=_("Domains"),
        max_length=500,
        required=False,
        help_text=_(
            "Of e-mail addresses, with commas: acme.example, acme.org. Each alone, not what is below it."
        ),
    )
    is_private = forms.BooleanField(
        label=_("Who has not signed in reads nothing"),
        required=False,
        help_text=_("Visitors are sent to sign in wherever they go; feeds are not found."),
    )

    def __init__(self, *args: Any, now: Doors, **kwargs: Any) -> None:
        domains = ", ".join(now.domains)
        kwargs["initial"] = {"way": now.way, "domains": domains, "is_private": now.is_private}
        super().__init__(*args, **kwargs)
        for name, variable in said_by_environment().items():
            self.fields[name].disabled = True
            self.fields[name].help_text = (
                _("Whoever runs the site said so, and changes it: %s") % variable
            )

    def clean_domains(self) -> tuple[str, ...]:
        try:
            return tuple(read_domains(self.cleaned_data["domains"]))
        except ValueError:
            raise forms.ValidationError(
                _("List domains, such as acme.example, acme.org.")
            ) from None

    def said(self) -> Doors:
        """Return what was said, once it is valid."""
        return Doors(**(self.cleaned_data | {"way": Way(self.cleaned_data["way"])}))


class TickForm(forms.Form):
    """Whether whoever signs up accepts the rules by a tick."""

    has_tick = forms.BooleanField(
        label=_("Whoever signs up ticks that they accept the rules"), required=False
    )


class QuestionForm(forms.ModelForm[QuizQuestion]):
    """A question of the quiz."""

    wrong = WordsField(
        label=capfirst(_("wrong answers, one a line")),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    wrong_zh = WordsField(
        label=capfirst(_("wrong answers in Chinese, one a line")),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = QuizQuestion
        fields = QUESTION_EDITED


class KeyForm(forms.Form):
    """A key of a product."""

    issuer = LineField(
        label=_("Product"),
        max_length=60,
        help_text=_("A short name in small letters, such as acme-app. Tokens carry it as “iss”."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(
        label=capfirst(_("kind of key")),
        choices=HandOverKey.Kind.choices,
        initial=HandOverKey.Kind.HS256,
        widget=forms.RadioSelect,
    )
    public_key = WordsField(
        label=capfirst(_("public key")),
        max_length=4_000,
        required=False,
        help_text=_("As PEM; for a public key of yours alone."),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )


class CutForm(forms.Form):
    """What is done to a branch."""

    action = forms.ChoiceField(
        label=_("What to do"),
        choices=[(one.value, one.label) for one in (Action.SUSPEND, Action.BAN)],
    )
    days = forms.IntegerField(
        label=_("For how many days, when suspended"), min_value=1, max_value=365, initial=30
    )
    rule = forms.ModelChoiceField(
        label=_("By which rule"),
        queryset=Rule.objects.filter(is_retired=False),
        to_field_name="slug",
        empty_label=None,
    )
    word = LineField(
        label=_("A word to them"),
        max_length=LINE_LENGTH,
        required=False,
        help_text=_("Empty: that of the rule, in the language of each."),
    )
    with_root = forms.BooleanField(required=False)

    def __init__(self, *args: Any, root: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].required = False
        self.fields["with_root"].label = _("%(name)s too") % {"name": root}
