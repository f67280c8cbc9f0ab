"""Google Play: what the two scrapers of that name write, and the monthly files of the Play Console."""

from feedback.importing.formats import Field, KnownFormat

_PYTHON = KnownFormat(
    key="google-play-scraper",
    name="google-play-scraper (Python) reviews",
    source="google-play",
    needs=("reviewId", "userName", "content", "score", "at"),
    columns={
        Field.EXTERNAL_ID: "reviewId",
        Field.AUTHOR: "userName",
        Field.BODY: "content",
        Field.STARS: "score",
        Field.VOTES: "thumbsUpCount",
        Field.APP_VERSION: ("reviewCreatedVersion", "appVersion"),
        Field.POSTED_ON: "at",
        Field.ANSWER: "replyContent",
        Field.ANSWERED_ON: "repliedAt",
    },
    documented=("https://github.com/JoMingyu/google-play-scraper",),
    unconfirmed=(
        "Its dates are in the zone of the computer that fetched them; say it with --time-zone.",
    ),
)
_NODE = KnownFormat(
    key="google-play-scraper-node",
    name="google-play-scraper (Node.js) reviews",
    source="google-play",
    needs=("id", "userName", "userImage", "date", "score", "text"),
    columns={
        Field.EXTERNAL_ID: "id",
        Field.AUTHOR: "userName",
        Field.TITLE: "title",
        Field.BODY: "text",
        Field.STARS: "score",
        Field.VOTES: "thumbsUp",
        Field.APP_VERSION: "version",
        Field.POSTED_ON: "date",
        Field.ANSWER: "replyText",
        Field.ANSWERED_ON: "replyDate",
        Field.URL: "url",
    },
    documented=("https://github.com/facundoolano/google-play-scraper#reviews",),
)
_CONSOLE = KnownFormat(
    key="google-play-console",
    name="Google Play Console reviews",
    source="google-play",
    needs=("Package Name", "Reviewer Language", "Star Rating", "Review Text", "Review Link"),
    columns={
        Field.EXTERNAL_ID: "Review Link",
        Field.TITLE: "Review Title",
        Field.BODY: "Review Text",
        Field.STARS: "Star Rating",
        Field.APP_VERSION: ("App Version Name", "App Version Code"),
        Field.LANGUAGE: "Reviewer Language",
        Field.DEVICE: "Device",
        Field.POSTED_ON: ("Review Submit Date and Time", "Review Submit Millis Since Epoch"),
        Field.ANSWER: "Developer Reply Text",
        Field.ANSWERED_ON: ("Developer Reply Date and Time", "Developer Reply Millis Since Epoch"),
        Field.URL: "Review Link",
    },
    documented=("https://support.google.com/googleplay/android-developer/answer/6135870",),
)
FORMATS = (_PYTHON, _NODE, _CONSOLE)
