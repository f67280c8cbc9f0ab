"""Forms about oneself."""

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from feedback.accounts.models import BIO_LENGTH, NAME_LENGTH, Credit, User
from feedback.kernel.typed import LineField


class NameForm(forms.Form):
    """What one is called."""

    display_name = LineField(
        label=_("Your name"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=_("Shown beside what you post. A nickname is fine."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )


class NameAtSignup(NameForm):
    """The part of the sign-up form that is Heed's own; django-allauth adds e-mail and password."""

    field_order = ["display_name", "email", "password1"]

    def signup(self, request: HttpRequest, user: User) -> None:
        """Keep the name; called by allauth once the account exists."""
        user.display_name = self.cleaned_data["display_name"]
        user.save(update_fields=["display_name"])


class ProfileForm(NameForm):
    """How one is shown to others, and in which language one is spoken to."""

    bio = LineField(
        label=_("About you"),
        max_length=BIO_LENGTH,
        required=False,
        help_text=_("A sentence or two. Everyone can read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    credit = forms.ChoiceField(
        label=_("When something you asked for ships, you are thanked"),
        required=False,
        choices=Credit.choices,
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("As the browser asks")), *settings.LANGUAGES],
        help_text=_("Mails are written in it too."),
    )
