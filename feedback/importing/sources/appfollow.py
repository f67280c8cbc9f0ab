"""AppFollow: reviews as its API gives them, in JSON or as a table with the same names."""

from feedback.importing.formats import Field, KnownFormat

_REVIEWS = KnownFormat(
    key="appfollow",
    name="AppFollow reviews",
    source="appfollow",
    needs=("review_id", "ext_id", "store", "author", "content", "rating", "date"),
    columns={
        Field.EXTERNAL_ID: "review_id",
        Field.AUTHOR: "author",
        Field.AUTHOR_ID: "user_id",
        Field.TITLE: "title",
        Field.BODY: "content",
        Field.STARS: "rating",
        Field.VOTES: "thumbs_up_cnt",
        Field.APP_VERSION: "app_version",
        Field.COUNTRY: "country",
        Field.LANGUAGE: ("locale", "lang"),
        Field.POSTED_ON: "date",
        Field.ANSWER: "answer_text",
        Field.ANSWERED_ON: "answer_date",
        Field.TAGS: "tags",
    },
    keeps=("store",),
    documented=("https://support.appfollow.io/hc/en-us/articles/360020832317-API-Parameters",),
    unconfirmed=(
        "The columns of the table that its pages export are not documented; such a file is judged by its columns.",
    ),
    time_zone="UTC",
)
FORMATS = (_REVIEWS,)
