"""What somebody said in the four-grid reports, and the betas that they were invited to."""

import datetime as dt
from collections.abc import Iterable, Mapping

from feedback.accounts.models import User
from feedback.accounts.own_data.parts import Part, Row
from feedback.roadmap.models import Invitation, ReportEntry


def shows(person: User) -> Mapping[str, Iterable[Row]]:
    """Return what ``person`` said of each release, and which they were invited to try."""
    entries = ReportEntry.objects.filter(response__person=person).order_by("pk")
    return {
        "reports-of-releases": entries.values(
            "response__report__release__version",
            "cell",
            "item__public_id",
            "ask__public_id",
            "text",
            "response__changed_at",
        ),
        "invitations-to-betas": Invitation.objects.filter(person=person)
        .order_by("pk")
        .values("ring__release__version", "invited_at", "answer", "answered_at"),
    }


def erase(person: User, *, keeps_words: bool, now: dt.datetime) -> None:
    """Take the words out of ``person``'s reports; what they marked stays counted, of nobody in particular."""
    if keeps_words:
        return
    said = ReportEntry.objects.filter(response__person=person).exclude(text="")
    said.filter(item=None, ask=None).delete()
    said.update(text="")


PART = Part(room="roadmap", shows=shows, takes=((Invitation, "person"),), erase=erase)
