"""What the team writes about an ask."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.asks.models.asks import ANSWER_LENGTH, REASON_LENGTH
from feedback.forum.models import TITLE_LENGTH, Product
from feedback.kernel.typed import LineField, WordsField
from feedback.roadmap import lengths
from feedback.roadmap.models import Item


class AnswerForm(forms.Form):
    body = WordsField(
        label=_("Official answer"),
        max_length=ANSWER_LENGTH,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_(
            "Shown on the ask and under every post of it. Everyone who asked is told once."
        ),
    )


class DeclineForm(forms.Form):
    reason = WordsField(
        label=_("Public reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Say why, and what would change your mind. People see it here, and while they type the same wish."
        ),
        error_messages={"required": _("Say why, in a sentence that everyone who asked may read.")},
    )


class AdoptForm(forms.Form):
    title = LineField(
        label=_("Title on the roadmap"),
        max_length=TITLE_LENGTH,
        help_text=_("What will change, in the words of those who asked."),
    )
    summary = WordsField(
        label=_("What will change"),
        max_length=lengths.SUMMARY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    item = forms.ModelChoiceField(
        label=_("Or add it to an item"),
        queryset=Item.objects.none(),
        required=False,
        empty_label=_("A new item"),
    )

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = self.fields["item"]
        assert isinstance(items, forms.ModelChoiceField)
        items.queryset = Item.objects.open().filter(product=product).order_by("title")
