"""What a board asks for, what a post says of it, and what it lacks."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from feedback.forum.models import Board, Field, Post, Template
from feedback.kernel import text


def fields_of(board: Board, kind: str) -> list[Field]:
    """Return what ``board`` asks of a post of ``kind``, in order."""
    return list(Field.objects.filter(board=board, kind__in=("", kind)))


def template_of(board: Board, kind: str) -> str:
    """Return what the details of a post of ``kind`` on ``board`` begin with, in the reader's language."""
    found = Template.objects.filter(board=board, kind__in=("", kind))
    return next((one.words for one in sorted(found, key=lambda one: -len(one.kind))), "")


def is_untouched(board: Board, body: str) -> bool:
    """Whether ``body`` is a template of ``board`` in which nobody has written anything."""
    said = text.normalise(body).strip()
    templates = Template.objects.filter(board=board).values_list("text", "text_zh")
    return bool(said) and any(said == words.strip() for pair in templates for words in pair)


def lacking(board: Board, kind: str, said: Mapping[str, Any], body: str) -> list[str]:
    """Return what a post would say, and does not: the labels of fields that are missed, and its details where a template asks.

    What is required is said beside its field.
    """
    lacks = [
        one.title
        for one in fields_of(board, kind)
        if one.need == Field.Need.WANTED and said.get(one.key, "") in ("", None)
    ]
    if not body.strip() and template_of(board, kind):
        lacks.append(_("the details"))
    return lacks


def typed_in(board: Board, said: Mapping[str, Any]) -> dict[str, str]:
    """Return what of ``said`` somebody wrote in words of their own: no number, and no choice of ``board``'s."""
    written = {key: value for key, value in said.items() if isinstance(value, str) and value}
    if not written:
        return {}
    offered = {
        (one.key, kept)
        for one in Field.objects.filter(board=board, type=Field.Type.CHOICE)
        for kept, _read in one.options
    }
    return {key: value for key, value in written.items() if (key, value) not in offered}


def said_in(post: Post) -> list[tuple[str, str]]:
    """Return what ``post`` says in its fields, under the labels of its board where it has them, in their order."""
    if not post.fields:
        return []
    known = {one.key: one for one in Field.objects.filter(board=post.board_id)}
    keys = [*(key for key in known if key in post.fields)]
    keys += [key for key in post.fields if key not in known]
    return [_shown(key, known.get(key), post.fields[key]) for key in keys]


def _shown(key: str, field: Field | None, value: Any) -> tuple[str, str]:
    if field is None:
        return key, str(value)
    return field.title, dict(field.options).get(value, str(value))
