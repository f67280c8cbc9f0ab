"""Pinning a post on top of its board, and locking it: it is read and voted for, and the team alone comments."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_moderator
from feedback.forum.closed.reading import SHOWN
from feedback.forum.models import Board, Post
from feedback.forum.moderation.models import LINE_LENGTH
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal

#: More on top of a board, and nobody reads what is below.
MOST = 3


@by_moderator
@transaction.atomic
def pin_post(*, post: Post, actor: User, now: dt.datetime) -> bool:
    """Have ``post`` stand on top of its board; return whether it did not. Raises `Refusal` where `MOST` stand there already.

    Lock contract: the post's row, then its board's, so that of many at once no more than `MOST` are pinned.
    """
    stored = _held(post)
    if not stored.is_shown:
        raise Refusal(_("Only what the readers of the board see can be pinned."))
    if stored.pinned_at is not None:
        return False
    Board.objects.select_for_update(no_key=True).get(pk=stored.board_id)
    if len(pinned_on(stored.board_id)) >= MOST:
        raise Refusal(_("Three posts are pinned on this board already. Unpin one of them first."))
    _write(Verb.POST_PINNED, post, actor, now, pinned_at=now)
    return True


@by_moderator
@transaction.atomic
def unpin_post(*, post: Post, actor: User, now: dt.datetime) -> bool:
    """Have ``post`` stand among the others again; return whether it was pinned. Lock contract: the post's row."""
    if _held(post).pinned_at is None:
        return False
    _write(Verb.POST_UNPINNED, post, actor, now, pinned_at=None)
    return True


@by_moderator
@transaction.atomic
def lock_post(*, post: Post, actor: User, now: dt.datetime, word: str = "") -> bool:
    """Let the team alone comment on ``post``; return whether others could. ``word`` tells its author why. Lock contract: the post's row."""
    word = typed.line(word, most=LINE_LENGTH)
    if _held(post).is_locked:
        return False
    _write(Verb.POST_LOCKED, post, actor, now, word=word, is_locked=True)
    return True


@by_moderator
@transaction.atomic
def unlock_post(*, post: Post, actor: User, now: dt.datetime) -> bool:
    """Let everyone comment on ``post`` again; return whether it was locked. Lock contract: the post's row."""
    if not _held(post).is_locked:
        return False
    _write(Verb.POST_UNLOCKED, post, actor, now, is_locked=False)
    return True


def pinned_on(board_pk: int) -> list[int]:
    """Return the primary keys of what everyone sees on top of a board, the last pinned first.

    Asked for the state too, SQLite reads every post of the board; those that are pinned are few.
    """
    pinned = Post.objects.filter(board=board_pk, pinned_at__isnull=False)
    found = pinned.order_by("-pinned_at", "-pk").values_list("pk", "state")
    return [pk for pk, state in found if state in SHOWN]


def _held(post: Post) -> Post:
    return Post.objects.select_for_update(no_key=True).get(pk=post.pk)


def _write(
    verb: Verb, post: Post, actor: User, now: dt.datetime, *, word: str = "", **changed: object
) -> None:
    for name, value in changed.items():
        setattr(post, name, value)
    Post.objects.filter(pk=post.pk).update(**changed)
    data = {"post": post.public_id} | ({"word": word} if word else {})
    journal.write(verb=verb, subject=post, actor_id=actor.pk, now=now, data=data)
