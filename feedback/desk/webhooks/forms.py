"""What a manager says of an endpoint."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from feedback.forum.models import NAME_LENGTH, Product
from feedback.kernel.typed import LineField
from feedback.notify.channels.webhook.operations import Wish
from feedback.notify.happenings import Group
from feedback.notify.models import Endpoint
from feedback.notify.models.webhooks import ADDRESS_LENGTH, SECRET_LENGTH


class AsTyped(forms.CharField):
    """An address or a secret: no words, so neither counted nor tidied as such."""


class EndpointForm(forms.Form):
    name = LineField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        help_text=_("By which your team knows it: “Product channel”."),
    )
    kind = forms.ChoiceField(label=_("Where it goes"), choices=Endpoint.Kind.choices)
    address = AsTyped(
        label=_("Address"),
        max_length=ADDRESS_LENGTH,
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://"}),
        help_text=_(
            "As the room or the program shows it. Whoever knows it can post there, so it is not shown again."
        ),
    )
    secret = AsTyped(
        label=_("Secret of the room"),
        max_length=SECRET_LENGTH,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "For Feishu, Lark and DingTalk, where the room's robot signs. A program of your own gets one from here."
        ),
    )
    groups = forms.MultipleChoiceField(
        label=_("What it is told of"),
        choices=Group.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    product = forms.ModelChoiceField(
        label=_("Product"),
        queryset=Product.objects.filter(sample=""),
        to_field_name="slug",
        required=False,
        empty_label=_("All products"),
    )
    language = forms.ChoiceField(label=_("Language of the sentences"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        products = self.fields["product"]
        assert isinstance(products, forms.ModelChoiceField)
        if products.queryset is None or products.queryset.count() < 2:
            del self.fields["product"]

    def wish(self) -> Wish:
        """Return what was said."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "kind"}
        return Wish(**said)


class EditEndpointForm(EndpointForm):
    """What may change: not what kind it is. What is left empty stays as it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["kind"]
        address = self.fields["address"]
        address.required = False
        address.help_text = _("Leave it empty to keep the present one.")
        self.fields["secret"].help_text = _("Leave it empty to keep the present one.")


def said_of(endpoint: Endpoint) -> dict[str, Any]:
    """Return what an edit form begins with: neither address nor secret."""
    return {
        "name": endpoint.name,
        "groups": endpoint.groups,
        "product": endpoint.product,
        "language": endpoint.language,
    }
