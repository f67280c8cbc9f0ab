"""Noting that the outside checker is to be asked: a row beside the words, and nothing that anybody waits for."""

import datetime as dt

from django.conf import settings

from feedback.accounts.models import User
from feedback.accounts.trust import Trust, trust_of
from feedback.forum.closed.models import Readers
from feedback.forum.models import Comment, OutsideCheck, Post
from feedback.kernel import doorbell, text

#: Up to which trust somebody's words are shown to it.
_UP_TO = {"new": Trust.NEW, "members": Trust.MEMBER}


def note(*, thing: Post | Comment, person: User, now: dt.datetime) -> None:
    """Have the outside checker be asked about what ``person`` wrote, where there is one and they are new enough.

    What stands on a closed board never leaves the house. Call it in the transaction of the words.
    """
    if not settings.CHECKER["url"]:
        return
    board = thing.board if isinstance(thing, Post) else thing.post.board
    if board.readers != Readers.EVERYONE:
        return
    if trust_of(person, now=now) > _UP_TO[settings.CHECKER["for"]]:
        return
    about = {"post" if isinstance(thing, Post) else "comment": thing}
    _check, is_new = OutsideCheck.objects.get_or_create(
        **about, digest=digest_of(thing), defaults={"noted_at": now, "due_at": now}
    )
    if is_new:
        doorbell.ring("forum.ask_checker")


def digest_of(thing: Post | Comment) -> str:
    """Return what changes when the words of ``thing`` do."""
    if isinstance(thing, Post):
        return thing.content_hash
    return text.content_hash("", thing.body)
