"""What the forms of signing up have in common, by e-mail or by a provider: a name, an invitation, the rules, the quiz."""

from typing import Any

from allauth.core import context
from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.accounts.captcha import Place
from feedback.accounts.captcha.fields import NAME as CAPTCHA
from feedback.accounts.captcha.fields import add_captcha, check_last
from feedback.accounts.forms import NameForm
from feedback.accounts.joining import operations, queries
from feedback.accounts.joining.doors import doors_at
from feedback.accounts.joining.models import Way
from feedback.accounts.models import User
from feedback.accounts.profile_words import judged
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal
from feedback.kernel.typed import LineField

#: The code of the link by which a visitor came waits in their session.
INVITATION = "accounts.invitation"


class SigningUp(NameForm):
    """The part of the sign-up forms that is Heed's own; django-allauth adds e-mail and password."""

    invitation = LineField(
        label=gettext_lazy("Your invitation"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("The link or the code that somebody sent you."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    accepts_rules = forms.BooleanField(required=True)

    field_order = ["display_name", "email", "password1", "invitation"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        request: HttpRequest = context.request
        self._code = str(request.session.get(INVITATION, ""))
        if not self._invited():
            self._code = ""
        self._doors = doors_at(request)
        if self._code or self._doors.way not in (Way.INVITATION, Way.DOMAIN):
            del self.fields["invitation"]
        else:
            self.fields["invitation"].required = self._doors.way == Way.INVITATION
        rules = queries.rules_page(request)
        if rules and queries.wishes().has_tick:
            self.fields["accepts_rules"].label = format_html(
                _('I accept <a href="{}" target="_blank">the rules</a>'), rules
            )
            self.fields["accepts_rules"].error_messages["required"] = _(
                "Read the rules and accept them to take part."
            )
        else:
            del self.fields["accepts_rules"]
        self._questions = queries.questions()
        for question in self._questions:
            self.fields[f"quiz_{question.pk}"] = forms.ChoiceField(
                label=question.asked, choices=question.answers, widget=forms.RadioSelect
            )
        last = [name for name in self.fields if name.startswith("quiz_")]
        if "accepts_rules" in self.fields:
            last.append("accepts_rules")
        add_captcha(self, Place.SIGN_UP)
        last.extend(name for name in (CAPTCHA,) if name in self.fields)
        self.order_fields([name for name in self.fields if name not in last] + last)

    def _invited(self) -> bool:
        return bool(self._code) and queries.open_invitation(self._code, now=clock.now()) is not None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "display_name" in cleaned:
            said = {"display_name": str(cleaned["display_name"])}
            try:
                cleaned |= judged(None, said, now=clock.now())
            except Refusal as why:
                self.add_error("display_name", str(why))
        if "invitation" in self.fields:
            typed = str(cleaned.get("invitation", ""))
            self._code = typed.rstrip("/").rpartition("/")[2]
            if self._code and not self._invited():
                self.add_error("invitation", queries.no_longer_works())
        if not self._code and queries.needs_invitation(str(cleaned.get("email", ""))):
            self._refuse_uninvited()
        for question in self._questions:
            name = f"quiz_{question.pk}"
            if name not in self.errors and cleaned.get(name) != question.right_value:
                self.add_error(name, _("That is not it. Have another look at the rules."))
        check_last(self)  # while its service is away people come in; their first posts wait
        return cleaned

    def _refuse_uninvited(self) -> None:
        by_domain = self._doors.way == Way.DOMAIN
        if "email" in self.fields and by_domain and "email" not in self.errors:
            listed = ", ".join(f"@{one}" for one in self._doors.domains)
            sentence = _("Sign up with an address of %s, or with an invitation.") % listed
            self.add_error("email", sentence)
        elif "invitation" in self.fields and "invitation" not in self.errors:
            self.add_error("invitation", _("Here one signs up by invitation."))

    def signup(self, request: HttpRequest, user: User) -> None:
        """Keep the name, the rules that were accepted and who invited them; called by allauth once the account exists."""
        user.display_name = self.cleaned_data["display_name"]
        user.save(update_fields=["display_name"])
        now = clock.now()
        if self.cleaned_data.get("accepts_rules"):
            operations.accept_rules(person=user, now=now)
        if self._code:
            operations.come_by(code=self._code, person=user, now=now)
            request.session.pop(INVITATION, None)


class InOneGo:
    """A form whose account is made with all that belongs to it, or not at all."""

    def save(self, request: HttpRequest) -> Any:
        with transaction.atomic():
            form: Any = super()
            return form.save(request)
