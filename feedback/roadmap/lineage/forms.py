"""What a manager fills in to join an item into another, or to split one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.accounts.models import IN_TEAM, User
from feedback.asks.models import Ask
from feedback.forum.models import TITLE_LENGTH
from feedback.kernel.typed import LineField, WordsField
from feedback.roadmap import lengths
from feedback.roadmap.models import Item
from feedback.roadmap.queries import live_ask_ids


class JoinForm(forms.Form):
    """Into which item."""

    into = forms.ModelChoiceField(
        label=_("Into the item"),
        queryset=Item.objects.none(),
        to_field_name="public_id",
        empty_label=_("Choose one"),
        help_text=_("It keeps its words and its stage. The old address leads there."),
    )

    def __init__(self, *args: Any, item: Item, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"prefix": "join"})
        into = self.fields["into"]
        assert isinstance(into, forms.ModelChoiceField)
        others = Item.objects.open().filter(product=item.product_id).exclude(pk=item.pk)
        into.queryset = others.order_by("title", "pk")


class SplitForm(forms.Form):
    """Which asks go to the new item, what it is called, and whose it is."""

    asks = forms.ModelMultipleChoiceField(
        label=_("Asks that go along"),
        queryset=Ask.objects.none(),
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
    )
    title = LineField(label=_("Title of the new item"), max_length=TITLE_LENGTH)
    summary = WordsField(
        label=_("What will change"),
        required=False,
        max_length=lengths.SUMMARY,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    owner = forms.ModelChoiceField(
        label=_("Owner of the new item"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody yet"),
    )

    def __init__(self, *args: Any, item: Item, **kwargs: Any) -> None:
        kwargs["initial"] = {"owner": item.owner_id}
        super().__init__(*args, **kwargs | {"prefix": "split"})
        asks, owner = self.fields["asks"], self.fields["owner"]
        assert isinstance(asks, forms.ModelMultipleChoiceField)
        assert isinstance(owner, forms.ModelChoiceField)
        asks.queryset = Ask.objects.filter(pk__in=live_ask_ids(item)).order_by("-people_count")
        owner.queryset = User.objects.filter(IN_TEAM)
