"""Forms about oneself."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from feedback.accounts.models import User


class NameAtSignup(forms.Form):
    """The part of the sign-up form that is Heed's own; django-allauth adds e-mail and password."""

    display_name = forms.CharField(
        label=_("Your name"),
        max_length=60,
        required=False,
        help_text=_("Shown beside what you post. A nickname is fine."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )

    field_order = ["display_name", "email", "password1"]

    def signup(self, request: HttpRequest, user: User) -> None:
        """Keep the name; called by allauth once the account exists."""
        user.display_name = self.cleaned_data["display_name"].strip()
        user.save(update_fields=["display_name"])
