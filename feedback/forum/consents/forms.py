"""What an author agrees to, as it is ticked where a post is written."""

from collections.abc import Mapping
from typing import Any

from django import forms

from feedback.accounts.models import User
from feedback.forum.consents.models import Use
from feedback.forum.consents.queries import chosen_by

#: What the fields begin with in a form of a post.
PREFIX = "uses_"
#: Says that the ticks were there to be seen: a box that is not ticked sends nothing.
_SAID = f"{PREFIX}said"


def uses_fields(writer: User, kept: Mapping[str, Any]) -> dict[str, forms.Field]:
    """Return a tick for each use by name: as ``writer`` has chosen for all posts, or as they ticked in the draft that is ``kept``."""
    chosen = chosen_by(writer)
    fields: dict[str, forms.Field] = {
        _SAID: forms.CharField(required=False, initial="1", widget=forms.HiddenInput)
    }
    for use in Use:
        name = f"{PREFIX}{use.lower()}"
        start = bool(kept.get(name)) if kept.get(_SAID) else use in chosen
        fields[name] = forms.BooleanField(label=use.label, required=False, initial=start)
    return fields


def uses_in(cleaned: Mapping[str, Any]) -> frozenset[Use] | None:
    """Return what was ticked in valid fields; None where nobody could tick anything."""
    if not cleaned.get(_SAID):
        return None
    return frozenset(use for use in Use if cleaned.get(f"{PREFIX}{use.lower()}"))
