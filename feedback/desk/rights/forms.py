"""Whom to give which role, and where."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.accounts.models import Role
from feedback.forum.rights.operations import Place
from feedback.forum.rights.people import place_called, places
from feedback.kernel.typed import LineField

_ROLES = [(one.value, one.label) for one in Role if one != Role.MEMBER]
_ROLE_HELP = _(
    "Moderators keep order. Product managers decide about asks, items and releases too. Administrators do everything. "
    "Analysts read all of it and change nothing."
)


class _RoleForm(forms.Form):
    """Which role, and where it holds."""

    role = forms.ChoiceField(label=_("Role"), choices=_ROLES, help_text=_ROLE_HELP)
    place = forms.ChoiceField(label=_("Where"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["place"]
        assert isinstance(place, forms.ChoiceField)
        place.choices = [(one.key, _named(one)) for one in places()]

    def clean_place(self) -> Place:
        """Return the place that was chosen."""
        found = place_called(self.cleaned_data["place"])
        if found is None:
            raise forms.ValidationError(_("This is not there any more."))
        return found


def _named(place: Place) -> str:
    if place.board is not None:
        return str(_("Board: %s") % place.title)
    return str(_("Product: %s") % place.title) if place.product is not None else place.title


class GiveForm(_RoleForm):
    """A role for somebody who has an account."""

    person = LineField(
        label=_("Name or address"),
        max_length=254,
        help_text=_("Of somebody who can sign in here."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("person", "role", "place")


class OfferForm(_RoleForm):
    """A role for whoever gets the link."""

    mail_to = forms.EmailField(
        label=_("Mail the link to"),
        required=False,
        help_text=_("Empty: you pass the link on yourself."),
    )
    field_order = ("mail_to", "role", "place")
