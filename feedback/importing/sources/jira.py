"""Jira: the table of issues, in which labels, comments and links are columns of one name."""

import re
from collections.abc import Mapping
from typing import Any

from feedback.importing.formats import Field, KnownFormat
from feedback.importing.formats.known import Values
from feedback.importing.sources._values import (
    COMMENTS,
    MERGED_INTO,
    STATE,
    TAGS,
    comment,
    said,
)

#: How Jira writes a comment into a cell: when; by whom; what.
_COMMENT = re.compile(r"([^;\n]{6,40});([^;\n]*);(.*)", re.DOTALL)
#: The id of an account, which nobody would call a name.
_ACCOUNT = re.compile(r"[0-9a-f]{24}|\d+:[0-9a-f-]{36}|[0-9a-f]{32}")
_DONE = ("", "unresolved", "done", "fixed")


def _all(values: Values, name: str) -> list[str]:
    """Return what stands in all columns of this name; a table's second one is called "Comment 2"."""
    called = re.compile(rf"{re.escape(name)}(?: \d+)?")
    return [text for key in values if called.fullmatch(key) and (text := said(values, key))]


def _issue(values: Values) -> Mapping[str, Any]:
    resolution = said(values, "Resolution")
    comments = []
    for cell in _all(values, "Comment"):
        found = _COMMENT.fullmatch(cell)
        if found is None:
            comments.append(comment(cell))
            continue
        when, who, words = found.groups()
        name = "" if _ACCOUNT.fullmatch(who) else who
        comments.append(comment(words, author=name, author_id=who, posted_on=when))
    return {
        STATE: said(values, "Status") if resolution.lower() in _DONE else resolution,
        TAGS: _all(values, "Labels"),
        COMMENTS: comments,
        MERGED_INTO: next(iter(_all(values, "Outward issue link (Duplicate)")), ""),
    }


_ISSUES = KnownFormat(
    key="jira",
    name="Jira issues",
    source="jira",
    needs=("Summary", "Issue key", "Issue Type", "Status", "Reporter", "Created"),
    columns={
        Field.EXTERNAL_ID: "Issue key",
        Field.TITLE: "Summary",
        Field.BODY: "Description",
        Field.AUTHOR: "Reporter",
        Field.AUTHOR_ID: ("Reporter Id", "Reporter"),
        Field.POSTED_ON: "Created",
        Field.VOTES: "Votes",
        Field.KIND: "Issue Type",
        Field.APP_VERSION: ("Affects versions", "Affects Version/s"),
        Field.STATE: STATE,
        Field.DECIDED_ON: "Resolved",
        Field.SHIPPED_IN: ("Fix versions", "Fix Version/s"),
        Field.TAGS: TAGS,
        Field.COMMENTS: COMMENTS,
        Field.MERGED_INTO: MERGED_INTO,
    },
    keeps=("Project name", "Priority", "Components", "Component/s"),
    states={
        "open": "",
        "to do": "",
        "backlog": "",
        "reopened": "",
        "selected for development": "PLANNED",
        "in progress": "IN_PROGRESS",
        "in review": "IN_PROGRESS",
        "done": "SHIPPED",
        "resolved": "SHIPPED",
        "closed": "SHIPPED",
        "won't do": "DECLINED",
        "won't fix": "DECLINED",
        "declined": "DECLINED",
        "duplicate": "",
        "cannot reproduce": "",
    },
    shape=_issue,
    addresses=lambda values: [f"/browse/{said(values, 'Issue key')}"],
    documented=(
        "https://support.atlassian.com/jira-software-cloud/docs/export-issues/",
        "https://support.atlassian.com/jira-cloud-administration/docs/import-data-from-a-csv-file/",
    ),
    unconfirmed=(
        "Jira Cloud names the authors of comments by account: who reported nothing in the file stays without a name.",
        "Its states are each site's own: those here are Jira's first ones.",
        "The table's dates are in the zone of whoever exported it; say it with --time-zone.",
    ),
)
FORMATS = (_ISSUES,)
