"""ClearFlask: ideas and comments of its API."""

from feedback.importing.formats import Field, KnownFormat
from feedback.importing.formats.known import Values
from feedback.importing.sources._values import said


def _page(values: Values) -> list[str]:
    return [f"/post/{said(values, 'ideaId')}"]


_IDEAS = KnownFormat(
    key="clearflask",
    name="ClearFlask ideas (API)",
    source="clearflask",
    needs=("ideaId", "authorUserId", "created", "title", "categoryId"),
    columns={
        Field.EXTERNAL_ID: "ideaId",
        Field.TITLE: "title",
        Field.BODY: "description",
        Field.AUTHOR: "authorName",
        Field.AUTHOR_ID: "authorUserId",
        Field.POSTED_ON: "created",
        Field.VOTES: "votersCount",
        Field.STATE: "statusId",
        Field.ANSWER: "response",
        Field.ANSWERED_BY: "responseAuthorName",
        Field.ANSWERED_ON: "responseEdited",
        Field.MERGED_INTO: "mergedToPostId",
        Field.TAGS: "tagIds",
    },
    keeps=("categoryId",),
    addresses=_page,
    documented=(
        "https://github.com/clearflask/clearflask/blob/master/clearflask-api/src/main/openapi/api-idea.yaml",
    ),
    unconfirmed=(
        "States and tags are named by ids of the project: say what they mean with --stages ID=stage.",
        "The table that its pages export is not documented.",
    ),
)
_COMMENTS = KnownFormat(
    key="clearflask-comments",
    name="ClearFlask comments (API)",
    source="clearflask",
    needs=("ideaId", "commentId", "authorUserId", "created", "content"),
    columns={
        Field.EXTERNAL_ID: "commentId",
        Field.BODY: "content",
        Field.AUTHOR: "authorName",
        Field.AUTHOR_ID: "authorUserId",
        Field.POSTED_ON: "created",
        Field.COMMENT_ON: "ideaId",
    },
    documented=(
        "https://github.com/clearflask/clearflask/blob/master/clearflask-api/src/main/openapi/api-comment.yaml",
    ),
)
FORMATS = (_IDEAS, _COMMENTS)
