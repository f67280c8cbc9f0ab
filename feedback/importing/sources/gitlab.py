"""GitLab: issues of its API (which its command line writes too), and the table of issues."""

import re
from collections.abc import Mapping
from typing import Any

from feedback.importing.formats import Field, KnownFormat
from feedback.importing.formats.known import Values
from feedback.importing.sources._values import ID, KIND, TAGS, kind_of, named, path_of, said

_ISSUE = re.compile(r"https?://[^/]+/(.+?)(?:/-)?/(?:issues|work_items)/(\d+)")
_STATES = {"opened": "", "open": "", "closed": ""}


def _issue(values: Values) -> Mapping[str, Any]:
    found = _ISSUE.match(said(values, "web_url", "URL"))
    labels = named(values.get("labels") or values.get("Labels"))
    return {ID: f"{found[1]}#{found[2]}" if found else "", TAGS: labels, KIND: kind_of(labels)}


def _page(values: Values) -> tuple[str, ...]:
    return path_of(said(values, "web_url", "URL"))


_UNCONFIRMED = (
    "GitLab closes without saying why: say what it means with --stages closed=shipped.",
    "Comments are lists of their own (“notes”), which do not name their issue and do not come along.",
)
_API = KnownFormat(
    key="gitlab",
    name="GitLab issues (API)",
    source="gitlab",
    needs=("iid", "title", "web_url", "state", "author.username", "created_at"),
    columns={
        Field.EXTERNAL_ID: ID,
        Field.TITLE: "title",
        Field.BODY: "description",
        Field.AUTHOR: "author.name",
        Field.AUTHOR_ID: "author.username",
        Field.POSTED_ON: "created_at",
        Field.VOTES: "upvotes",
        Field.KIND: KIND,
        Field.STATE: "state",
        Field.DECIDED_ON: "closed_at",
        Field.SHIPPED_IN: "milestone.title",
        Field.TAGS: TAGS,
        Field.URL: "web_url",
    },
    states=_STATES,
    shape=_issue,
    addresses=_page,
    documented=("https://docs.gitlab.com/api/issues/",),
    unconfirmed=_UNCONFIRMED,
)
_TABLE = KnownFormat(
    key="gitlab-table",
    name="GitLab issues",
    source="gitlab",
    needs=(
        "Title",
        "Description",
        "Issue ID",
        "URL",
        "State",
        "Author Username",
        "Created At (UTC)",
    ),
    columns={
        Field.EXTERNAL_ID: ID,
        Field.TITLE: "Title",
        Field.BODY: "Description",
        Field.AUTHOR: "Author",
        Field.AUTHOR_ID: "Author Username",
        Field.POSTED_ON: "Created At (UTC)",
        Field.KIND: KIND,
        Field.STATE: "State",
        Field.DECIDED_ON: "Closed At (UTC)",
        Field.SHIPPED_IN: "Milestone",
        Field.TAGS: TAGS,
        Field.URL: "URL",
    },
    states=_STATES,
    shape=_issue,
    addresses=_page,
    time_zone="UTC",
    documented=("https://docs.gitlab.com/user/project/issues/csv_export/",),
    unconfirmed=_UNCONFIRMED,
)
FORMATS = (_API, _TABLE)
