"""Canny: posts and comments of its API, and the table of posts."""

from collections.abc import Mapping
from typing import Any

from feedback.importing.formats import Field, KnownFormat
from feedback.importing.formats.known import Values
from feedback.importing.sources._values import TAGS, named, path_of, said

_STATES = {
    "open": "",
    "under review": "UNDER_REVIEW",
    "planned": "PLANNED",
    "in progress": "IN_PROGRESS",
    "complete": "SHIPPED",
    "closed": "DECLINED",
}


def _page(values: Values) -> tuple[str, ...]:
    """What the public sees: its API gives the address on the team's pages."""
    return tuple(path.replace("/admin/board/", "/") for path in path_of(said(values, "url", "URL")))


def _tagged(values: Values) -> Mapping[str, Any]:
    return {TAGS: named(values.get("tags"))}


_API = KnownFormat(
    key="canny",
    name="Canny posts (API)",
    source="canny",
    needs=("id", "title", "details", "score", "status", "created", "author.id", "board.name"),
    columns={
        Field.EXTERNAL_ID: "id",
        Field.TITLE: "title",
        Field.BODY: "details",
        Field.AUTHOR: "author.name",
        Field.AUTHOR_ID: "author.id",
        Field.EMAIL: "author.email",
        Field.POSTED_ON: "created",
        Field.VOTES: "score",
        Field.STATE: "status",
        Field.DECIDED_ON: "statusChangedAt",
        Field.TAGS: TAGS,
        Field.URL: "url",
    },
    keeps=("board.name", "category.name", "eta"),
    states=_STATES,
    shape=_tagged,
    addresses=_page,
    documented=("https://developers.canny.io/api-reference#post",),
    unconfirmed=(
        "Of posts merged into another its API tells only the other (“mergeHistory”): their votes are in its score.",
    ),
)
_COMMENTS = KnownFormat(
    key="canny-comments",
    name="Canny comments (API)",
    source="canny",
    needs=("id", "value", "created", "author.id", "post.id", "parentID"),
    columns={
        Field.EXTERNAL_ID: "id",
        Field.BODY: "value",
        Field.AUTHOR: "author.name",
        Field.AUTHOR_ID: "author.id",
        Field.EMAIL: "author.email",
        Field.POSTED_ON: "created",
        Field.COMMENT_ON: "post.id",
        Field.IS_OFFICIAL: "author.isAdmin",
        Field.IS_INTERNAL: "internal",
    },
    documented=("https://developers.canny.io/api-reference#comment",),
)
_TABLE = KnownFormat(
    key="canny-table",
    name="Canny posts",
    source="canny",
    needs=("Title", "Details", "Status", "Votes", "Board", "URL"),
    columns={
        Field.EXTERNAL_ID: ("Post ID", "ID", "URL"),
        Field.TITLE: "Title",
        Field.BODY: "Details",
        Field.AUTHOR: ("Author", "Author Name", "Creator"),
        Field.EMAIL: ("Author Email", "Email"),
        Field.POSTED_ON: ("Created", "Created At", "Date"),
        Field.VOTES: "Votes",
        Field.STATE: "Status",
        Field.TAGS: "Tags",
        Field.URL: "URL",
    },
    keeps=("Board", "Category", "ETA"),
    states=_STATES,
    addresses=_page,
    documented=("https://help.canny.io/en/articles/4999644",),
    unconfirmed=(
        "The columns of the table that Canny exports are not documented; these are those that its pages name.",
    ),
)
FORMATS = (_API, _COMMENTS, _TABLE)
