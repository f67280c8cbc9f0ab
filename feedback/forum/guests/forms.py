"""What a guest may say of themselves."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from feedback.accounts.captcha import Place
from feedback.accounts.captcha.fields import NAME as CAPTCHA
from feedback.accounts.captcha.fields import add_captcha, check_last
from feedback.accounts.models import NAME_LENGTH
from feedback.forum.guests.operations import Guest
from feedback.kernel.typed import LineField

ADDRESS_LENGTH = 254


class GuestForm(forms.Form):
    """A name and an address, both optional, and what tells people from programs, which is not."""

    guest_name = LineField(
        label=_("Your name"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=_("Shown with your post, marked as a guest's."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    guest_email = forms.EmailField(
        label=_("Your e-mail"),
        max_length=ADDRESS_LENGTH,
        required=False,
        help_text=_(
            "Nobody sees it and nothing is mailed to it. Sign up with it later, and you can claim the post."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, asks: bool, **kwargs: Any) -> None:
        """Have the form ask for a captcha where it ``asks``: the one of the words beside it does for both."""
        super().__init__(*args, **kwargs)
        if asks:
            add_captcha(self, Place.GUESTS)
        #: Whether what was to tell people from programs did not answer.
        self.is_unchecked = False

    @property
    def captcha(self) -> BoundField | None:
        """What tells people from programs, where it is asked here."""
        return self[CAPTCHA] if CAPTCHA in self.fields else None

    @property
    def guest(self) -> Guest:
        """Who a valid form says they are."""
        said = self.cleaned_data
        return Guest(
            name=said["guest_name"], email=said["guest_email"], language=get_language() or ""
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.is_unchecked = check_last(self)
        return cleaned
