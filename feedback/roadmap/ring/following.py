"""A ring is who reads its board: whoever is named on it or taken off on the desk is in the ring, or is not."""

from feedback.accounts.models import User
from feedback.forum.closed.models import BoardMember
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.roadmap.models import Invitation, Ring

VERBS = frozenset({Verb.BOARD_MEMBER_NAMED, Verb.BOARD_MEMBER_TAKEN_OFF})
Answer = Invitation.Answer


def follow(entry: Entry) -> None:
    """Write what the board of an open ring says now of the person of ``entry``; no-op where the invitation says the same."""
    ring = Ring.objects.filter(board=entry.subject_id, closed_at=None).first()
    person = User.objects.filter(public_id=entry.data["person"]).first()
    if ring is None or person is None:
        return
    named = BoardMember.objects.filter(board=ring.board_id, person=person, left_at=None)
    if not named.exists():
        was_in = Invitation.objects.filter(ring=ring, person=person, answer=Answer.ACCEPTED)
        was_in.update(answer=Answer.TAKEN_OUT, answered_at=entry.at)
        return
    said = {"answer": Answer.ACCEPTED, "answered_at": entry.at}
    made = {"invited_at": entry.at, "invited_by_id": entry.actor_id}
    Invitation.objects.get_or_create(ring=ring, person=person, defaults=said | made)
    others = Invitation.objects.filter(ring=ring, person=person)
    others.exclude(answer=Answer.ACCEPTED).update(**said)
