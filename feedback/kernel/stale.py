"""Two people who change the same words: the second one reads what the first wrote before anything is overwritten."""

import hashlib
from collections.abc import Iterable, Mapping

from django.db.models import Model
from django.forms import BaseForm
from django.utils.translation import gettext as _

from feedback.kernel.refusals import Refusal


class StaleEdit(Refusal):
    """Somebody else changed the words meanwhile; ``theirs`` are the words as they are now, by their field."""

    def __init__(self, theirs: Mapping[str, str]) -> None:
        super().__init__(
            _(
                "Somebody changed this while you wrote. Both are below: take over what you need and save again."
            )
        )
        self.theirs = theirs


def mark_of(words: Mapping[str, str]) -> str:
    """Return a mark of ``words`` for a form to carry, so that saving can tell whether they changed since."""
    whole = "\0".join(f"{name}\0{words[name]}" for name in sorted(words))
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def refuse_stale(words: Mapping[str, str], *, seen: str | None) -> None:
    """Raise `StaleEdit` when ``words`` are not those of the mark ``seen``; without a mark nothing is checked."""
    if seen and seen != mark_of(words):
        raise StaleEdit(words)


def words_of(row: Model, names: Iterable[str]) -> dict[str, str]:
    """Return what the fields ``names`` of ``row`` say, as words, for `refuse_stale` and for whoever reads both."""
    return {name: _said(row, name) for name in names}


def _said(row: Model, name: str) -> str:
    value = getattr(row, name)
    if isinstance(value, bool):
        return "✓" if value else "–"
    display = getattr(row, f"get_{name}_display", None)
    return "" if value is None else str(display() if display else value)


def labelled(form: BaseForm, theirs: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return ``theirs`` as (label of the field, words), in the form's order, without what says nothing."""
    named = [(name, str(field.label or "")) for name, field in form.fields.items()]
    return [(label, theirs[name]) for name, label in named if theirs.get(name)]
