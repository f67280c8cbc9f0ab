"""Productboard: notes of its API, first and second version."""

from collections.abc import Mapping
from typing import Any

from feedback.importing.formats import Field, KnownFormat
from feedback.importing.formats.known import Values
from feedback.importing.sources._html import words_of
from feedback.importing.sources._values import BODY, TAGS, named


def _shape(values: Values) -> Mapping[str, Any]:
    return {
        BODY: words_of(values.get("content") or values.get("fields.content")),
        TAGS: named(values.get("tags") or values.get("fields.tags")),
    }


_FIRST = KnownFormat(
    key="productboard",
    name="Productboard notes (API v1)",
    source="productboard",
    needs=("id", "title", "content", "displayUrl", "createdAt", "state"),
    columns={
        Field.EXTERNAL_ID: "id",
        Field.TITLE: "title",
        Field.BODY: BODY,
        Field.AUTHOR_ID: "user.id",
        Field.EMAIL: "user.email",
        Field.POSTED_ON: "createdAt",
        Field.TAGS: TAGS,
        Field.URL: ("externalDisplayUrl", "displayUrl"),
    },
    keeps=("source.origin",),
    shape=_shape,
    documented=("https://developer.productboard.com/reference/getnotes",),
    unconfirmed=(
        "It names the customer by id and address; who wrote the note down (“createdBy”) is not its author.",
        "A note's state says whether somebody has read it and makes no ask.",
        "The table of notes that its pages export is not documented.",
    ),
)
_SECOND = KnownFormat(
    key="productboard-v2",
    name="Productboard notes (API v2)",
    source="productboard",
    needs=("id", "type", "fields.name", "fields.content", "createdAt"),
    columns={
        Field.EXTERNAL_ID: "id",
        Field.TITLE: "fields.name",
        Field.BODY: BODY,
        Field.POSTED_ON: "createdAt",
        Field.TAGS: TAGS,
        Field.URL: "links.html",
    },
    shape=_shape,
    documented=("https://developer.productboard.com/v2.0.0/reference/glossary-note",),
    unconfirmed=(
        "The second version names a note's customer among its relationships, which do not come along.",
    ),
)
FORMATS = (_FIRST, _SECOND)
