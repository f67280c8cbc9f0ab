"""Words that people type and people read: one rule for every form, every column and every operation.

What shows nothing is nothing. Length is what a person sees: a family of emoji is one character.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.deconstruct import deconstructible
from django.utils.translation import ngettext

from feedback.kernel import text, visible
from feedback.kernel.refusals import Refusal


def line(value: str, *, most: int) -> str:
    """Return ``value`` as one line, "" where it shows nothing; raises `Refusal` when it is longer than ``most``."""
    return _held_to(shown(text.one_line(value)), most)


def words(value: str, *, most: int) -> str:
    """Return ``value`` with its lines, "" where it shows nothing; raises `Refusal` when it is longer than ``most``."""
    return _held_to(shown(text.normalise(value)), most)


def shown(value: str) -> str:
    """Return ``value``, "" where a person sees nothing of it."""
    return value if visible.shows(value) else ""


def _held_to(value: str, most: int) -> str:
    if visible.length(value) > most:
        raise Refusal(_too_long(value, most), status=422)
    return value


def _too_long(value: str, most: int) -> str:
    return ngettext(
        "Make it shorter: %(most)d character fits, and it has %(length)d.",
        "Make it shorter: %(most)d characters fit, and it has %(length)d.",
        most,
    ) % {"most": most, "length": visible.length(value)}


@deconstructible
class NotLonger:
    """Refuses what has more than ``most`` visible characters."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, value: str) -> None:
        if visible.length(value) > self.most:
            raise ValidationError(_too_long(value, self.most), code="max_length")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NotLonger) and other.most == self.most

    def __hash__(self) -> int:
        return hash(self.most)


class WordsField(forms.CharField):
    """Words in a form, as they are stored. A browser counts `most` as the server does (`typing.js`)."""

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        self.most = max_length
        super().__init__(strip=False, **kwargs)
        self.validators = [NotLonger(max_length)]
        self.widget.attrs.setdefault("data-most", str(max_length))
        self.widget.attrs.setdefault("dir", "auto")

    def to_python(self, value: Any) -> str:
        return shown(self.tidied(super().to_python(value) or ""))

    def tidied(self, value: str) -> str:
        """Return what was typed as it is stored."""
        return text.normalise(value)


class LineField(WordsField):
    """One line of words in a form."""

    def tidied(self, value: str) -> str:
        return text.one_line(value)


class LineColumn(models.CharField[str, str]):
    """A column of one line with at most ``most`` visible characters; the database has room for all their parts."""

    def __init__(self, *args: Any, most: int = 0, **kwargs: Any) -> None:
        self.most = most or kwargs["max_length"] // visible.POINTS
        kwargs["max_length"] = self.most * visible.POINTS
        super().__init__(*args, **kwargs)
        self.validators = [*self.validators, NotLonger(self.most)]

    def deconstruct(self) -> Any:
        """Be a plain `CharField` to migrations, which need not know how long a line looks."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": LineField, **kwargs, "max_length": self.most})
