"""What somebody replied to the team's questions, the views of asks that they keep, and the notes they wrote."""

from collections.abc import Iterable, Mapping

from feedback.accounts.models import User
from feedback.accounts.own_data.parts import Part, Row
from feedback.asks.models import GroupReply, Note, SavedView


def shows(person: User) -> Mapping[str, Iterable[Row]]:
    """Return the replies of ``person`` with the questions, the views they keep, and their notes."""
    said = GroupReply.objects.filter(person=person).order_by("pk")
    views = SavedView.objects.filter(owner=person).order_by("pk")
    notes = Note.objects.filter(author=person).order_by("pk")
    return {
        "replies-to-the-team": said.values("question__question", "choice", "words", "replied_at"),
        "views-of-asks": views.values("name", "query", "is_shared", "saved_at"),
        "notes-about-asks": notes.values("ask__public_id", "body", "written_at"),
    }


PART = Part(room="asks", shows=shows, takes=((GroupReply, "person"), (SavedView, "owner")))
