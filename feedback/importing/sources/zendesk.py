"""Zendesk: tickets of its API and of its JSON export, and the table of a view."""

from collections.abc import Mapping
from typing import Any

from feedback.importing.formats import Field, KnownFormat
from feedback.importing.formats.known import Values
from feedback.importing.sources._values import COMMENTS, TAGS, comment, named, objects, said

#: How far support has come says nothing of what becomes of the wish.
_STATES = dict.fromkeys(("new", "open", "pending", "hold", "on-hold", "solved", "closed"), "")


def _ticket(values: Values) -> Mapping[str, Any]:
    """The first comment is the ticket's description again."""
    description = said(values, "description")
    return {
        TAGS: named(values.get("tags")),
        COMMENTS: [
            comment(
                words,
                author_id=one.get("author_id"),
                posted_on=one.get("created_at"),
                external_id=one.get("id"),
                is_internal=one.get("public") is False,
            )
            for one in objects(values.get("comments"))
            if (words := said(one, "plain_body", "body")) != description
        ],
    }


_TICKETS = KnownFormat(
    key="zendesk",
    name="Zendesk tickets (API, JSON export)",
    source="zendesk",
    needs=("id", "subject", "description", "requester_id", "submitter_id", "status", "created_at"),
    whole=("id", "subject", "requester_id", "submitter_id"),
    columns={
        Field.EXTERNAL_ID: "id",
        Field.TITLE: "subject",
        Field.BODY: "description",
        Field.AUTHOR: "requester.name",
        Field.AUTHOR_ID: "requester_id",
        Field.EMAIL: "requester.email",
        Field.POSTED_ON: "created_at",
        Field.STATE: "status",
        Field.TAGS: TAGS,
        Field.COMMENTS: COMMENTS,
    },
    keeps=("type", "priority", "via.channel"),
    states=_STATES,
    shape=_ticket,
    documented=(
        "https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/",
        "https://support.zendesk.com/hc/en-us/articles/4408886165402",
    ),
    unconfirmed=(
        "Tickets name people by ids; names and addresses come along where the export has them beside.",
    ),
)
_VIEW = KnownFormat(
    key="zendesk-view",
    name="Zendesk tickets",
    source="zendesk",
    needs=("Id", "Requester", "Subject", "Created at", "Requester id"),
    columns={
        Field.EXTERNAL_ID: "Id",
        Field.TITLE: "Subject",
        Field.BODY: "Description",
        Field.AUTHOR: "Requester",
        Field.AUTHOR_ID: "Requester id",
        Field.EMAIL: "Requester email",
        Field.POSTED_ON: "Created at",
        Field.STATE: ("Status", "Ticket status"),
        Field.TAGS: "Tags",
    },
    keeps=("Ticket type", "Priority", "Via"),
    states=_STATES,
    documented=("https://support.zendesk.com/hc/en-us/articles/4408886165402",),
    unconfirmed=("The table of a view holds subjects and no words below them.",),
)
FORMATS = (_TICKETS, _VIEW)
