"""Identifiers that may be shown: short, unguessable, never reused, and telling nothing of how many there are."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # no look-alikes, no vowels but a and e
LENGTH = 11


def new_public_id() -> str:
    """Return a new random identifier of 11 characters (about 54 bits)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))


class PublicIdField(models.CharField[str, str]):
    """A unique `new_public_id`, set when the row is made and never changed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["max_length"] = LENGTH
        kwargs["unique"] = True
        kwargs["editable"] = False
        kwargs["default"] = new_public_id
        kwargs["verbose_name"] = _("public id")
        super().__init__(**kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "unique", "editable", "default", "verbose_name"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs
