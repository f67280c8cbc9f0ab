"""Quackback: the tables of posts and of comments in its export."""

from feedback.importing.formats import Field, KnownFormat
from feedback.importing.formats.known import Values
from feedback.importing.sources._values import said


def _page(values: Values) -> list[str]:
    return [f"/b/{said(values, 'board')}/posts/{said(values, 'id')}"]


_FOLDER = "https://github.com/QuackbackIO/quackback/blob/main/apps/web/src/lib/server/domains/export/entities/"
_PERSON = {Field.AUTHOR: "author_name", Field.EMAIL: "author_email", Field.POSTED_ON: "created_at"}
_POSTS = KnownFormat(
    key="quackback",
    name="Quackback posts",
    source="quackback",
    needs=(
        "title",
        "content",
        "status",
        "tags",
        "board",
        "author_name",
        "author_email",
        "vote_count",
    ),
    columns={
        **_PERSON,
        Field.EXTERNAL_ID: "id",
        Field.TITLE: "title",
        Field.BODY: "content",
        Field.VOTES: "vote_count",
        Field.STATE: "status",
        Field.TAGS: "tags",
    },
    keeps=("board",),
    states={
        "open": "",
        "under review": "UNDER_REVIEW",
        "planned": "PLANNED",
        "in progress": "IN_PROGRESS",
        "complete": "SHIPPED",
        "completed": "SHIPPED",
        "closed": "DECLINED",
    },
    addresses=_page,
    documented=(_FOLDER + "posts.ts",),
    unconfirmed=(
        "Merged posts and official answers are not in its tables.",
        "Votes are a table of their own, which does not come along.",
    ),
)
_COMMENTS = KnownFormat(
    key="quackback-comments",
    name="Quackback comments",
    source="quackback",
    needs=("id", "post_id", "parent_id", "author_name", "is_team_member", "is_private", "content"),
    columns={
        **_PERSON,
        Field.EXTERNAL_ID: "id",
        Field.BODY: "content",
        Field.COMMENT_ON: "post_id",
        Field.IS_INTERNAL: "is_private",
    },
    documented=(_FOLDER + "comments.ts",),
)
FORMATS = (_POSTS, _COMMENTS)
