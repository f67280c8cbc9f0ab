"""Fider: the table of all posts, and the posts of its API."""

from collections.abc import Mapping
from typing import Any

from feedback.importing.formats import Field, KnownFormat
from feedback.importing.formats.known import Values
from feedback.importing.sources._values import TAGS, named, said

_STATES = {
    "open": "",
    "planned": "PLANNED",
    "started": "IN_PROGRESS",
    "completed": "SHIPPED",
    "declined": "DECLINED",
    "duplicate": "",
    "deleted": "",
}


def _page(values: Values) -> list[str]:
    return [f"/posts/{said(values, 'number')}"]


def _from_api(values: Values) -> Mapping[str, Any]:
    return {TAGS: named(values.get("tags"))}


_TABLE = KnownFormat(
    key="fider",
    name="Fider posts",
    source="fider",
    needs=("number", "title", "description", "created_by", "responded_by", "original_number"),
    columns={
        Field.EXTERNAL_ID: "number",
        Field.TITLE: "title",
        Field.BODY: "description",
        Field.AUTHOR: "created_by",
        Field.POSTED_ON: "created_at",
        Field.VOTES: ("votes_count", "total_votes"),
        Field.STATE: "status",
        Field.ANSWER: "response",
        Field.ANSWERED_BY: "responded_by",
        Field.ANSWERED_ON: "responded_at",
        Field.DECIDED_ON: "responded_at",
        Field.MERGED_INTO: "original_number",
        Field.TAGS: "tags",
    },
    states=_STATES,
    addresses=_page,
    documented=("https://github.com/getfider/fider/blob/main/app/pkg/csv/csv.go",),
    unconfirmed=("It counts comments and does not hold them.",),
)
_API = KnownFormat(
    key="fider-api",
    name="Fider posts (API)",
    source="fider",
    needs=("id", "number", "slug", "title", "description", "createdAt", "user.name", "votesCount"),
    columns={
        Field.EXTERNAL_ID: "number",
        Field.TITLE: "title",
        Field.BODY: "description",
        Field.AUTHOR: "user.name",
        Field.POSTED_ON: "createdAt",
        Field.VOTES: "votesCount",
        Field.STATE: "status",
        Field.ANSWER: "response.text",
        Field.ANSWERED_BY: "response.user.name",
        Field.ANSWERED_ON: "response.respondedAt",
        Field.DECIDED_ON: "response.respondedAt",
        Field.MERGED_INTO: "response.original.number",
        Field.TAGS: TAGS,
    },
    states=_STATES,
    shape=_from_api,
    addresses=_page,
    documented=("https://docs.fider.io/api/posts",),
)
FORMATS = (_TABLE, _API)
