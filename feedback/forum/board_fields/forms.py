"""The fields of a board in the form of a post."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.forum.models import Field
from feedback.kernel.typed import LineField

#: What stands before the key of a field in a form, so that none is called like one of the form's own.
PREFIX = "field-"
_LENGTHS = {Field.Type.LINE: 200, Field.Type.VERSION: 40, Field.Type.DEVICE: 80}


class NumberField(forms.FloatField):
    """A number; a whole one without a point."""

    def to_python(self, value: Any) -> Any:
        number: float | None = super().to_python(value)
        return int(number) if number is not None and number.is_integer() else number


def control_of(field: Field) -> forms.Field:
    """Return what is shown for ``field``."""
    common: dict[str, Any] = {
        "label": field.title,
        "help_text": field.help,
        "required": field.need == Field.Need.REQUIRED,
        "error_messages": {"required": _("This board needs to know it.")},
    }
    if field.type == Field.Type.CHOICE:
        return forms.ChoiceField(choices=[("", _("Choose one")), *field.options], **common)
    if field.type == Field.Type.NUMBER:
        return NumberField(
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **common
        )
    attrs = {"autocomplete": "off"}
    if field.type == Field.Type.VERSION:
        attrs |= {"placeholder": "1.4.0", "autocapitalize": "off"}
    most = _LENGTHS[Field.Type(field.type)]
    return LineField(max_length=most, widget=forms.TextInput(attrs=attrs), **common)


def names_in(typed: Mapping[str, Any]) -> list[str]:
    """Return the names of fields of boards among what a form sent."""
    return [name for name in typed if name.startswith(PREFIX)]


def said_in_form(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return by key what a form sent or holds of fields of boards."""
    return {
        name.removeprefix(PREFIX): "" if typed[name] is None else typed[name]
        for name in names_in(typed)
    }
