"""GitHub: issues of its API and of its command line, and comments on issues."""

import re
from collections.abc import Mapping
from typing import Any

from feedback.importing.formats import Field, KnownFormat
from feedback.importing.formats.known import Values
from feedback.importing.sources._values import (
    COMMENT_ON,
    COMMENTS,
    ID,
    KIND,
    STATE,
    TAGS,
    comment,
    kind_of,
    named,
    objects,
    path_of,
    said,
    within,
)

_VOTES = "→ votes"
_ISSUE = re.compile(r"https?://[^/]+/([^/]+/[^/]+)/(?:issues|pull)/(\d+)")
_STATES = {
    "open": "",
    "completed": "SHIPPED",
    "not planned": "DECLINED",
    "duplicate": "",
    "closed": "",
}


def _id_of(url: str) -> str:
    """Return "owner/repository#12": numbers alone are the same in every repository."""
    found = _ISSUE.match(url)
    return f"{found[1]}#{found[2]}" if found else ""


def _issue(values: Values) -> Mapping[str, Any] | None:
    url = said(values, "html_url", "url")
    if "/pull/" in url or any(name.startswith("pull_request") for name in values):
        return None
    state = said(values, "state").lower()
    reason = said(values, "state_reason", "stateReason").lower().replace("_", " ")
    labels = named(values.get("labels"))
    return {
        ID: _id_of(url),
        STATE: reason if state == "closed" and reason else state,
        TAGS: labels,
        KIND: kind_of(labels),
        _VOTES: said(values, "reactions.+1") or _thumbs(values.get("reactionGroups")),
        COMMENTS: [
            comment(
                said(one, "body"),
                author=within(one, "author", "login") or within(one, "user", "login"),
                posted_on=said(one, "createdAt", "created_at"),
                external_id=one.get("id"),
            )
            for one in objects(values.get("comments"))
        ],
    }


def _thumbs(groups: Any) -> str:
    return next(
        (
            str(within(one, "users", "totalCount") or "")
            for one in objects(groups)
            if one.get("content") == "THUMBS_UP"
        ),
        "",
    )


def _comment(values: Values) -> Mapping[str, Any] | None:
    url = said(values, "html_url")
    return None if "/pull/" in url else {COMMENT_ON: _id_of(url)}


def _page(values: Values) -> tuple[str, ...]:
    return path_of(said(values, "html_url", "url"))


_API = KnownFormat(
    key="github",
    name="GitHub issues (API)",
    source="github",
    needs=("number", "title", "html_url", "state", "user.login", "created_at", "body"),
    lacks=("iid",),
    columns={
        Field.EXTERNAL_ID: ID,
        Field.TITLE: "title",
        Field.BODY: "body",
        Field.AUTHOR: "user.login",
        Field.POSTED_ON: "created_at",
        Field.VOTES: _VOTES,
        Field.KIND: KIND,
        Field.STATE: STATE,
        Field.DECIDED_ON: "closed_at",
        Field.SHIPPED_IN: "milestone.title",
        Field.TAGS: TAGS,
        Field.COMMENTS: COMMENTS,
        Field.URL: "html_url",
    },
    states=_STATES,
    shape=_issue,
    left_out="pull requests",
    addresses=_page,
    documented=("https://docs.github.com/en/rest/issues/issues",),
    unconfirmed=("Which issue another is a duplicate of is not in it.",),
)
_CLI = KnownFormat(
    key="github-cli",
    name="GitHub issues (gh issue list --json)",
    source="github",
    needs=("number", "title", "url", "state", "author.login", "createdAt", "body"),
    columns={
        **_API.columns,
        Field.AUTHOR: "author.login",
        Field.POSTED_ON: "createdAt",
        Field.DECIDED_ON: "closedAt",
        Field.URL: "url",
    },
    states=_STATES,
    shape=_issue,
    left_out="pull requests",
    addresses=_page,
    documented=("https://cli.github.com/manual/gh_issue_list",),
    unconfirmed=(
        "It holds the fields that somebody asked for: number, title, url, state, author, createdAt and body are needed.",
    ),
)
_COMMENTS = KnownFormat(
    key="github-comments",
    name="GitHub comments on issues (API)",
    source="github",
    needs=("id", "issue_url", "html_url", "user.login", "created_at", "body"),
    columns={
        Field.EXTERNAL_ID: "id",
        Field.BODY: "body",
        Field.AUTHOR: "user.login",
        Field.POSTED_ON: "created_at",
        Field.COMMENT_ON: COMMENT_ON,
    },
    shape=_comment,
    left_out="comments on pull requests",
    documented=("https://docs.github.com/en/rest/issues/comments",),
)
FORMATS = (_API, _CLI, _COMMENTS)
