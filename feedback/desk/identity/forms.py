"""What an administrator says of the site."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.identity.models import DESCRIPTION_LENGTH, NAME_LENGTH, Look
from feedback.kernel.typed import LineField


class LookForm(forms.Form):
    """Name, description, colour and logo; what is empty is as the settings, or the house, have it."""

    name = LineField(
        label=capfirst(gettext_lazy("name of the site")), max_length=NAME_LENGTH, required=False
    )
    description = LineField(
        label=capfirst(gettext_lazy("what it is for")),
        max_length=DESCRIPTION_LENGTH,
        required=False,
        help_text=gettext_lazy(
            "One sentence: at the foot of every page, in feeds, and where somebody shares the site."
        ),
    )
    description_zh = LineField(
        label=capfirst(gettext_lazy("what it is for, in Chinese")),
        max_length=DESCRIPTION_LENGTH,
        required=False,
    )
    colour = LineField(
        label=capfirst(gettext_lazy("colour")),
        max_length=20,
        required=False,
        help_text=gettext_lazy(
            "For what people can do: buttons, votes, links. Its tints are made so that words stay readable, by day and by night."
        ),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "placeholder": "#0a6e5c"}
        ),
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        help_text=gettext_lazy(
            "JPEG, PNG, WebP or GIF, 192 pixels high or more. Every size is made of it, the sign in the browser's tab too."
        ),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )
    logo_is_name = forms.BooleanField(
        label=capfirst(gettext_lazy("the logo is the name, written")), required=False
    )
    no_logo = forms.BooleanField(label=gettext_lazy("Take the logo away"), required=False)

    def __init__(self, *args: Any, look: Look | None, **kwargs: Any) -> None:
        if look is not None:
            kwargs["initial"] = {
                "name": look.name,
                "description": look.description,
                "description_zh": look.description_zh,
                "colour": f"#{look.colour}" if look.colour else "",
                "logo_is_name": look.logo_is_name,
            }
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["placeholder"] = settings.SITE_NAME
        self.fields["name"].help_text = _("Empty: “%s”, as the settings have it.") % (
            settings.SITE_NAME
        )
        if look is None or not look.logo:
            del self.fields["no_logo"]
