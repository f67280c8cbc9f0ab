"""Astuto: posts and comments of its API."""

from feedback.importing.formats import Field, KnownFormat
from feedback.importing.formats.known import Values
from feedback.importing.sources._values import said


def _page(values: Values) -> list[str]:
    return [f"/posts/{one}" for name in ("slug", "id") if (one := said(values, name))]


_DOCUMENTED = ("https://github.com/astuto/astuto/blob/main/app/controllers/api/v1/serializers.rb",)
_POSTS = KnownFormat(
    key="astuto",
    name="Astuto posts (API)",
    source="astuto",
    needs=("id", "title", "description", "approval_status", "board.id", "user.id", "created_at"),
    columns={
        Field.EXTERNAL_ID: "id",
        Field.TITLE: "title",
        Field.BODY: "description",
        Field.AUTHOR: "user.full_name",
        Field.AUTHOR_ID: "user.id",
        Field.EMAIL: "user.email",
        Field.POSTED_ON: "created_at",
        Field.STATE: "post_status.name",
    },
    keeps=("board.name",),
    states={
        "planned": "PLANNED",
        "in progress": "IN_PROGRESS",
        "completed": "SHIPPED",
        "rejected": "DECLINED",
    },
    addresses=_page,
    documented=_DOCUMENTED,
    unconfirmed=(
        "Its posts hold no votes; the likes are a list of their own and do not come along.",
    ),
)
_COMMENTS = KnownFormat(
    key="astuto-comments",
    name="Astuto comments (API)",
    source="astuto",
    needs=("id", "body", "is_post_update", "post_id", "user.id", "created_at"),
    columns={
        Field.EXTERNAL_ID: "id",
        Field.BODY: "body",
        Field.AUTHOR: "user.full_name",
        Field.AUTHOR_ID: "user.id",
        Field.EMAIL: "user.email",
        Field.POSTED_ON: "created_at",
        Field.COMMENT_ON: "post_id",
        Field.IS_OFFICIAL: "is_post_update",
    },
    documented=_DOCUMENTED,
)
FORMATS = (_POSTS, _COMMENTS)
