"""Closing a ring on release day."""

import datetime as dt

from feedback.forum.models import Board
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.roadmap.models import Release, Ring


def close_ring(release: Release, *, now: dt.datetime) -> bool:
    """Close the ring of ``release``, which is out; return whether one was open. Call in a transaction.

    Its board is archived: whoever was in the ring reads it on, and nobody writes there. They are thanked.
    """
    open_rings = Ring.objects.filter(release=release, closed_at=None)
    board = open_rings.values_list("board", flat=True).first()
    if board is None or not open_rings.update(closed_at=now):
        return False
    Board.objects.filter(pk=board).update(is_archived=True)
    journal.write(
        verb=Verb.RING_CLOSED,
        subject=release,
        actor_id=None,
        now=now,
        data={"version": release.version, "product": release.product.slug},
    )
    return True
