"""The App Store: what the two scrapers of that name write, and customer reviews from App Store Connect's API."""

from collections.abc import Mapping
from typing import Any

from feedback.importing.formats import Field, KnownFormat
from feedback.importing.formats.known import Values
from feedback.importing.sources._values import ANSWER, said

_ANSWERED_ON = "→ answered_on"


def _python(values: Values) -> Mapping[str, Any]:
    """A CSV holds the developer's response as Python writes an object; only JSON's is read."""
    return {
        ANSWER: said(values, "developerResponse.body"),
        _ANSWERED_ON: said(values, "developerResponse.modified"),
    }


_PYTHON = KnownFormat(
    key="app-store-scraper",
    name="app-store-scraper (Python) reviews",
    source="app-store",
    needs=("date", "review", "rating", "isEdited", "title", "userName"),
    columns={
        Field.AUTHOR: "userName",
        Field.TITLE: "title",
        Field.BODY: "review",
        Field.STARS: "rating",
        Field.POSTED_ON: "date",
        Field.ANSWER: ANSWER,
        Field.ANSWERED_ON: _ANSWERED_ON,
    },
    shape=_python,
    documented=("https://github.com/cowboy-bebug/app-store-scraper#review-data",),
    unconfirmed=(
        "It gives reviews no ids: the same review again is known by its words, author and date.",
        "Its dates name no zone.",
    ),
)
_NODE = KnownFormat(
    key="app-store-scraper-node",
    name="app-store-scraper (Node.js) reviews",
    source="app-store",
    needs=("id", "userName", "userUrl", "version", "score", "title", "text"),
    columns={
        Field.EXTERNAL_ID: "id",
        Field.AUTHOR: "userName",
        Field.AUTHOR_ID: "userUrl",
        Field.TITLE: "title",
        Field.BODY: "text",
        Field.STARS: "score",
        Field.APP_VERSION: "version",
        Field.POSTED_ON: "updated",
        Field.URL: "url",
    },
    documented=("https://github.com/facundoolano/app-store-scraper#reviews",),
    unconfirmed=("Earlier versions of it give no dates.",),
)
_CONNECT = KnownFormat(
    key="app-store-connect",
    name="App Store Connect customer reviews",
    source="app-store",
    needs=("id", "type", "attributes.rating", "attributes.body", "attributes.reviewerNickname"),
    columns={
        Field.EXTERNAL_ID: "id",
        Field.AUTHOR: "attributes.reviewerNickname",
        Field.TITLE: "attributes.title",
        Field.BODY: "attributes.body",
        Field.STARS: "attributes.rating",
        Field.COUNTRY: "attributes.territory",
        Field.POSTED_ON: "attributes.createdDate",
    },
    documented=(
        "https://developer.apple.com/documentation/appstoreconnectapi/list_all_customer_reviews_for_an_app",
    ),
    unconfirmed=(
        "The developer's responses stand beside the reviews (“included”) and do not come along.",
        "App Store Connect's pages offer no file of reviews; a copy of them is judged by its columns.",
    ),
)
FORMATS = (_PYTHON, _NODE, _CONNECT)
