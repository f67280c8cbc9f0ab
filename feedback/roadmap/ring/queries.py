"""Reading rings."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from feedback.accounts.models import User
from feedback.forum.closed.models import Readers
from feedback.forum.models import Board
from feedback.forum.products.queries import listed
from feedback.roadmap.models import Invitation, Release, Ring

Answer = Invitation.Answer


@dataclass(frozen=True)
class Counts:
    """How many people were invited into a ring, and what they said."""

    invited: int
    accepted: int
    declined: int
    waiting: int
    taken_out: int


def ring_of(release: Release) -> Ring | None:
    """Return the ring of ``release``, with its board."""
    return Ring.objects.select_related("board").filter(release=release).first()


def counts_of(ring: Ring) -> Counts:
    """Return what became of the invitations into ``ring``."""
    rows = ring.invitations.order_by().values("answer").annotate(n=Count("pk"))
    said = dict(rows.values_list("answer", "n"))
    return Counts(
        invited=sum(said.values()),
        accepted=said.get(Answer.ACCEPTED, 0),
        declined=said.get(Answer.DECLINED, 0),
        waiting=said.get(Answer.WAITING, 0),
        taken_out=said.get(Answer.TAKEN_OUT, 0),
    )


def invitations_of(ring: Ring) -> QuerySet[Invitation]:
    """Return who was invited into ``ring``: who is in it first, then by name's row, so that pages do not move."""
    return ring.invitations.select_related("person", "invited_by").order_by("answer", "pk")


def invitation_of(release: Release, person: object) -> Invitation | None:
    """Return the invitation of ``person`` into the ring of ``release``, unless they were taken out; None for a visitor."""
    if not isinstance(person, User):
        return None
    standing = Invitation.objects.filter(ring__release=release, person=person)
    return standing.exclude(answer=Answer.TAKEN_OUT).select_related("ring__board").first()


def boards_to_reuse(release: Release) -> QuerySet[Board]:
    """Return the boards of its product on which a ring may open: read by those alone who are named, and no other open ring's."""
    taken = Ring.objects.filter(closed_at=None).values("board")
    boards = Board.objects.filter(product=release.product, readers=Readers.RING, is_archived=False)
    return boards.exclude(pk__in=taken)


def testers() -> QuerySet[Invitation, int]:
    """Return the ids of whoever is or was in the ring of a release."""
    accepted = Invitation.objects.filter(answer=Answer.ACCEPTED).order_by()
    return accepted.values_list("person", flat=True).distinct()


def tested_by(people: Collection[User]) -> dict[int, list[Release]]:
    """Return by person the releases that they tried before everyone, and that are out, the latest first."""
    tested = Invitation.objects.filter(
        listed(None, "ring__release__product"),
        person__in=people,
        answer=Answer.ACCEPTED,
        ring__closed_at__isnull=False,
    )
    found: dict[int, list[Release]] = {}
    for one in tested.select_related("ring__release__product").order_by("-ring__closed_at", "-pk"):
        found.setdefault(one.person_id, []).append(one.ring.release)
    return found
