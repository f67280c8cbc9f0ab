"""What the team writes about an ask."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.asks.models.answers import QUESTION_LENGTH, TEMPLATE_NAME_LENGTH
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
    body_zh = WordsField(
        label=_("The same answer in Chinese"),
        max_length=ANSWER_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("For those who read Heed in Chinese. Left empty, they read the words above."),
    )

    def words(self) -> dict[str, Any]:
        """Return what was written, as the operations take it."""
        return {"body": self.cleaned_data["body"], "body_zh": self.cleaned_data["body_zh"]}


class TellingForm(forms.Form):
    """Whether everyone hears of it again."""

    tell = forms.BooleanField(
        label=_("Tell everyone again: something that matters has changed"),
        required=False,
        help_text=_("For a slip of the pen, leave it: nobody is bothered twice."),
    )


class EditAnswerForm(TellingForm, AnswerForm):
    field_order = ("body", "body_zh", "tell")


class TemplateForm(forms.Form):
    name = LineField(
        label=_("Name"), max_length=TEMPLATE_NAME_LENGTH, help_text=_("What the team calls it.")
    )
    body = WordsField(
        label=_("Words"),
        max_length=ANSWER_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "{ask} becomes what the ask is called, {people} and {posts} their numbers, {me} your name."
        ),
    )
    body_zh = WordsField(
        label=_("The same answer in Chinese"),
        max_length=ANSWER_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class GroupQuestionForm(forms.Form):
    question = LineField(
        label=_("One question"),
        max_length=QUESTION_LENGTH,
        help_text=_("Everyone behind the ask is told once. They reply on its page."),
    )
    question_zh = LineField(
        label=_("The same question in Chinese"), max_length=QUESTION_LENGTH, required=False
    )
    choices = WordsField(
        label=_("What they may choose"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "A choice a line, up to eight; “English | Chinese” where you know both. Left empty, they reply in words."
        ),
    )

    def asked(self) -> dict[str, Any]:
        """Return what was asked, as the operation takes it."""
        lines = [line.strip() for line in self.cleaned_data["choices"].splitlines()]
        pairs = [line.partition("|") for line in lines if line]
        return {
            "question": self.cleaned_data["question"],
            "question_zh": self.cleaned_data["question_zh"],
            "choices": [(words.strip(), chinese.strip()) for words, _bar, chinese in pairs],
        }


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


class ReasonForm(TellingForm, DeclineForm):
    field_order = ("reason", "tell")


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
