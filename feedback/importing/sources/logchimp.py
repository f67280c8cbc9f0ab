"""LogChimp: posts of its API."""

from feedback.importing.formats import Field, KnownFormat
from feedback.importing.formats.known import Values
from feedback.importing.sources._values import said


def _page(values: Values) -> list[str]:
    return [f"/posts/{said(values, 'slug')}"]


_POSTS = KnownFormat(
    key="logchimp",
    name="LogChimp posts (API)",
    source="logchimp",
    needs=("postId", "title", "slug", "contentMarkdown", "createdAt"),
    columns={
        Field.EXTERNAL_ID: "postId",
        Field.TITLE: "title",
        Field.BODY: "contentMarkdown",
        Field.AUTHOR: ("author.name", "author.username"),
        Field.AUTHOR_ID: "author.userId",
        Field.POSTED_ON: "createdAt",
        Field.VOTES: "voters.votesCount",
        Field.STATE: "roadmap.name",
    },
    keeps=("board.name",),
    states={
        "up next": "PLANNED",
        "planned": "PLANNED",
        "in progress": "IN_PROGRESS",
        "done": "SHIPPED",
        "shipped": "SHIPPED",
        "closed": "DECLINED",
    },
    addresses=_page,
    documented=(
        "https://github.com/logchimp/logchimp/blob/master/packages/server/src/controllers/post/filterPost.ts",
    ),
    unconfirmed=(
        "Its list of posts names no authors; its list of comments has not been read.",
        "Roadmaps are named by each site: the states here are those that its documentation shows.",
    ),
)
FORMATS = (_POSTS,)
