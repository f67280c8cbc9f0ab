"""Forms about oneself."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from feedback.accounts.models import BIO_LENGTH, NAME_LENGTH, Credit
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
