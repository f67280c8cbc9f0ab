"""Intercom: conversations of its API."""

from collections.abc import Mapping
from typing import Any

from feedback.importing.formats import Field, KnownFormat
from feedback.importing.formats.known import Values
from feedback.importing.sources._html import words_of
from feedback.importing.sources._values import (
    BODY,
    COMMENTS,
    TAGS,
    comment,
    named,
    objects,
    within,
)

_TITLE = "→ title"


def _conversation(values: Values) -> Mapping[str, Any]:
    return {
        _TITLE: words_of(values.get("title") or values.get("source.subject")),
        BODY: words_of(values.get("source.body")),
        TAGS: named(values.get("tags.tags")),
        COMMENTS: [
            comment(
                words,
                author=within(part, "author", "name"),
                author_id=within(part, "author", "id"),
                email=within(part, "author", "email"),
                posted_on=part.get("created_at"),
                external_id=part.get("id"),
                is_internal=part.get("part_type") == "note",
            )
            for part in objects(values.get("conversation_parts.conversation_parts"))
            if (words := words_of(part.get("body")))
        ],
    }


_CONVERSATIONS = KnownFormat(
    key="intercom",
    name="Intercom conversations (API)",
    source="intercom",
    needs=("id", "created_at", "source.body", "source.author.id", "source.author.type"),
    whole=("id", "created_at", "source", "conversation_parts"),
    columns={
        Field.EXTERNAL_ID: "id",
        Field.TITLE: _TITLE,
        Field.BODY: BODY,
        Field.AUTHOR: "source.author.name",
        Field.AUTHOR_ID: "source.author.id",
        Field.EMAIL: "source.author.email",
        Field.POSTED_ON: "created_at",
        Field.TAGS: TAGS,
        Field.COMMENTS: COMMENTS,
    },
    shape=_conversation,
    documented=(
        "https://developers.intercom.com/docs/references/rest-api/api.intercom.io/conversations",
    ),
    unconfirmed=(
        "A list of conversations holds no parts: only conversations fetched one by one bring their comments.",
        "The tables of its data export have columns of one's own choice and are judged by them.",
    ),
)
FORMATS = (_CONVERSATIONS,)
