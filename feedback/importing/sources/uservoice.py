"""UserVoice: the table of ideas ("suggestions" in its columns)."""

from feedback.importing.formats import Field, KnownFormat
from feedback.importing.formats.known import Values
from feedback.importing.sources._values import path_of, said


def _page(values: Values) -> tuple[str, ...]:
    return path_of(said(values, "suggestion.portal_url"))


_IDEAS = KnownFormat(
    key="uservoice",
    name="UserVoice ideas",
    source="uservoice",
    needs=("suggestion.id", "suggestion.title", "suggestion.body", "suggestion.status.name"),
    columns={
        Field.EXTERNAL_ID: "suggestion.id",
        Field.TITLE: "suggestion.title",
        Field.BODY: "suggestion.body",
        Field.AUTHOR: ("suggestion.created_by.name", "suggestion.creator.name"),
        Field.EMAIL: ("suggestion.created_by.email_address", "suggestion.creator.email"),
        Field.POSTED_ON: "suggestion.created_timestamp",
        Field.VOTES: ("suggestion.supporters_count", "suggestion.votes_count"),
        Field.STATE: "suggestion.status.name",
        Field.TAGS: "suggestion.labels.name",
        Field.MERGED_INTO: "suggestion.parent.id",
        Field.URL: "suggestion.portal_url",
    },
    keeps=("suggestion.forum.name", "suggestion.category.name"),
    states={
        "under review": "UNDER_REVIEW",
        "planned": "PLANNED",
        "started": "IN_PROGRESS",
        "completed": "SHIPPED",
        "declined": "DECLINED",
    },
    addresses=_page,
    documented=("https://help.uservoice.com/hc/en-us/articles/360035485693",),
    unconfirmed=(
        "How the columns of the creator and of the count of supporters are called; both are taken where they are called as in its API.",
        "Comments and official answers are exports of their own, which are judged by their columns.",
    ),
)
FORMATS = (_IDEAS,)
