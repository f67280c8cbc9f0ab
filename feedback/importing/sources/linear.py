"""Linear: the table of issues."""

from feedback.importing.formats import Field, KnownFormat

_ISSUES = KnownFormat(
    key="linear",
    name="Linear issues",
    source="linear",
    needs=("ID", "Team", "Title", "Description", "Status", "Creator", "Created", "Cycle Number"),
    columns={
        Field.EXTERNAL_ID: "ID",
        Field.TITLE: "Title",
        Field.BODY: "Description",
        Field.AUTHOR: "Creator",
        Field.POSTED_ON: "Created",
        Field.STATE: "Status",
        Field.DECIDED_ON: "Completed",
        Field.TAGS: "Labels",
        Field.MERGED_INTO: "Duplicate of",
    },
    keeps=("Team", "Project", "Priority"),
    states={
        "triage": "",
        "backlog": "",
        "todo": "PLANNED",
        "in progress": "IN_PROGRESS",
        "in review": "IN_PROGRESS",
        "done": "SHIPPED",
        "canceled": "DECLINED",
        "cancelled": "DECLINED",
        "duplicate": "",
    },
    documented=("https://linear.app/docs/exporting-data",),
    unconfirmed=(
        "It holds no comments.",
        "Its states are each team's own: those here are Linear's first ones.",
    ),
)
FORMATS = (_ISSUES,)
