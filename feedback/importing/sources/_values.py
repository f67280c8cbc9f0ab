"""What several formats make columns of."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from feedback.importing.formats.known import MADE, Values
from feedback.importing.formats.rows import text_of

#: The names of made columns.
BODY, COMMENTS, ID, KIND, STATE, TAGS, COMMENT_ON, ANSWER, MERGED_INTO, AUTHOR = (
    MADE + name
    for name in "body comments id kind state tags comment_on answer merged_into author".split()  # noqa: SIM905
)  # fmt: skip
_KINDS = {
    "bug": "bug", "type: bug": "bug", "type::bug": "bug", "kind/bug": "bug", "defect": "bug", "enhancement": "feature", "feature": "feature",
    "feature request": "feature", "feature-request": "feature", "type: feature": "feature", "type::feature": "feature", "kind/feature": "feature",
    "question": "question", "support": "question",
}  # fmt: skip


def said(values: Values, *names: str) -> str:
    """Return the first of these columns that says something."""
    return next((text for name in names if (text := text_of(values.get(name)))), "")


def objects(held: Any) -> list[Mapping[str, Any]]:
    """Return the objects in a list, none where there is no list."""
    return [one for one in held if isinstance(one, Mapping)] if isinstance(held, list) else []


def within(held: Any, *names: str) -> Any:
    """Return what stands at ``names``, one in another; None where that is nothing."""
    for name in names:
        held = held.get(name) if isinstance(held, Mapping) else None
    return held


def named(held: Any) -> list[str]:
    """Return the names in a list of names or of objects with a name."""
    if not isinstance(held, list):
        return [one.strip() for one in text_of(held).split(",") if one.strip()]
    return [
        text_of(within(one, "name") or within(one, "title") if isinstance(one, Mapping) else one)
        for one in held
    ]


def kind_of(labels: Iterable[str]) -> str:
    """Return what kind of post its labels say it is, "" where none does."""
    return next((_KINDS[name] for label in labels if (name := label.strip().lower()) in _KINDS), "")


def comment(
    body: str,
    *,
    author: object = "",
    author_id: object = "",
    email: object = "",
    posted_on: object = "",
    external_id: object = "",
    is_official: bool = False,
    is_internal: bool = False,
) -> dict[str, Any]:
    """Return one comment as `formats.comments` reads it."""
    return {
        "body": body,
        "author": text_of(author),
        "author_id": text_of(author_id),
        "email": text_of(email),
        "posted_on": posted_on,
        "external_id": text_of(external_id),
        "is_official": is_official,
        "is_internal": is_internal,
    }


def path_of(url: object) -> tuple[str, ...]:
    """Return the path of an address and what is asked of it, as the one way to a page; none for a bare host."""
    try:
        parts = urlsplit(text_of(url))
    except ValueError:  # it is no address
        return ()
    if not parts.path.startswith("/") or (parts.path == "/" and not parts.query):
        return ()
    return (f"{parts.path}?{parts.query}" if parts.query else parts.path,)
