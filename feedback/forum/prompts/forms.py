"""What is typed of a prompt: with a new post, and later on."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.forum.consents.models import Use
from feedback.forum.models import Prompt
from feedback.forum.prompts.models import MODEL_LENGTH, PROMPT_LENGTH
from feedback.kernel.redact import redact
from feedback.kernel.typed import LineField, WordsField

#: What the fields begin with in a form of a post.
PREFIX = "prompt_"


def prompt_fields(*, required: bool = False) -> dict[str, forms.Field]:
    """Return the fields of a prompt by name; the prompt itself may be ``required``."""
    return {
        f"{PREFIX}words": WordsField(
            label=_("Prompt"),
            max_length=PROMPT_LENGTH,
            required=required,
            help_text=_(
                "What you asked of the model, so that the team sees it too. Keys, addresses and numbers of phones and cards are taken out before it is kept."
            ),
            widget=forms.Textarea(attrs={"rows": 5}),
        ),
        f"{PREFIX}answer": WordsField(
            label=_("Answer of the model"),
            max_length=PROMPT_LENGTH,
            required=False,
            widget=forms.Textarea(attrs={"rows": 4}),
        ),
        f"{PREFIX}model": LineField(
            label=_("Model and version"),
            max_length=MODEL_LENGTH,
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        ),
        f"{PREFIX}evaluate": forms.BooleanField(
            label=_("The team may test its model with the prompt"), required=False
        ),
        f"{PREFIX}public": forms.BooleanField(
            label=_("Everybody may read it, not only the team and I"), required=False
        ),
    }


def prompt_in(cleaned: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what valid fields say, as `operations.keep_prompt` takes it; None where there is no prompt."""
    words = cleaned.get(f"{PREFIX}words", "")
    if not words:
        return None
    return {
        "prompt": words,
        "answer": cleaned[f"{PREFIX}answer"],
        "model_version": cleaned[f"{PREFIX}model"],
        "is_public": cleaned[f"{PREFIX}public"],
        "may_evaluate": cleaned[f"{PREFIX}evaluate"],
    }


def prompt_words(said: Mapping[str, str]) -> dict[str, str]:
    """Return what a product ``said`` of a prompt as the fields of a form begin with it."""
    names = {"prompt": "words", "answer": "answer", "model_version": "model"}
    return {f"{PREFIX}{names[name]}": words for name, words in said.items() if words}


def without_secrets(words: Mapping[str, Any]) -> dict[str, Any]:
    """Return what fields of a form say as it may be kept before it is posted: what is said of a prompt without secrets."""
    return {
        name: redact(said).words if name.startswith(PREFIX) and isinstance(said, str) else said
        for name, said in words.items()
    }


class PromptForm(forms.Form):
    """The prompt of a post that stands."""

    def __init__(self, *args: Any, prompt: Prompt | None, **kwargs: Any) -> None:
        if prompt is not None:
            kwargs["initial"] = {
                f"{PREFIX}words": prompt.prompt,
                f"{PREFIX}answer": prompt.answer,
                f"{PREFIX}model": prompt.model_version,
                f"{PREFIX}public": prompt.is_public,
                f"{PREFIX}evaluate": Use.EVALUATE in prompt.post.consents,
            }
        super().__init__(*args, **kwargs)
        self.fields |= prompt_fields(required=True)
