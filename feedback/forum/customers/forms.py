"""For which customer the team speaks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.accounts.models import NAME_LENGTH
from feedback.forum.customers.models import LINK_LENGTH, Source
from feedback.forum.customers.operations import Customer
from feedback.forum.models import Importance
from feedback.kernel.typed import LineField


def customer_fields(*, is_public: bool) -> dict[str, forms.Field]:
    """Return the fields that say for whom, and where it was heard, by the names that `customer_in` reads.

    The name ``is_public`` where the customer becomes the author of something.
    """
    return {
        "customer_name": LineField(
            label=_("Customer"),
            max_length=NAME_LENGTH,
            required=False,
            help_text=_("Everyone reads the name and the company.")
            if is_public
            else _("The team alone sees who it is."),
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        ),
        "customer_company": LineField(
            label=_("Company"),
            max_length=NAME_LENGTH // 2,
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        ),
        "customer_email": forms.EmailField(
            label=_("Their e-mail"),
            required=False,
            help_text=_("The team alone sees it. With it they can claim this later."),
            widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        ),
        "customer_source": forms.ChoiceField(
            label=_("Where you heard it"),
            choices=Source.choices,
            initial=Source.TICKET,
            required=not is_public,
        ),
        "customer_link": forms.URLField(
            label=_("Link"),
            max_length=LINK_LENGTH,
            required=False,
            assume_scheme="https",
            help_text=_("To the ticket or the notes of the call. The team alone sees it."),
        ),
    }


def customer_in(cleaned: dict[str, Any]) -> Customer | None:
    """Return whom these cleaned values name, None where they name nobody."""
    said = {
        name: str(cleaned.get(f"customer_{name}") or "")
        for name in ("name", "company", "email", "source", "link")
    }
    if not (said["name"] or said["company"] or said["email"]):
        return None
    return Customer(**said | {"source": said["source"] or Source.TICKET})


class CustomerVoteForm(forms.Form):
    """A vote on behalf of a customer."""

    importance = forms.ChoiceField(
        label=_("How important it is to them"),
        choices=[("", _("They did not say")), *Importance.choices],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= customer_fields(is_public=False)
        self.order_fields([name for name in self.fields if name != "importance"])

    def clean(self) -> dict[str, Any]:
        """Somebody has to be named."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and customer_in(cleaned) is None:
            self.add_error("customer_name", _("Say for whom: a name, a company or an address."))
        return cleaned
