"""Where one sees a bug too, and which post asks the same."""

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.forum.witnessing.models import WHERE_LENGTH
from feedback.kernel.typed import LineField


class ReproductionForm(forms.Form):
    """On which version and device somebody sees a bug; neither need be said."""

    version = LineField(
        label=_("Your version"),
        max_length=WHERE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    device = LineField(
        label=_("Your device"),
        max_length=WHERE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class SameAsForm(forms.Form):
    """Which post asks the same."""

    other = LineField(
        label=_("The other post"),
        max_length=500,
        help_text=_("Its link, or its number, such as #4183."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
