"""Having what everybody reads wait for the team, since something was put beside it that the team looks at first."""

import datetime as dt
from collections.abc import Sequence

from feedback.accounts.models import User
from feedback.forum.attachments.attaching import Attaching
from feedback.forum.comments.operations import set_hidden
from feedback.forum.models import Comment, Post
from feedback.forum.moderation.cases import WAS_PUBLIC, hold
from feedback.forum.posts.operations import take_out_of_sight


def hang(
    attaching: Attaching,
    thing: Post | Comment,
    *,
    held_for: Sequence[str],
    now: dt.datetime,
    replaces: bool = False,
) -> None:
    """Hang what ``attaching`` lists under ``thing``, which waits with it where it is read and something is ``held_for``.

    So it waits too where its own words stay as they were. Call in the transaction that writes them. Raises `Refusal`.
    """
    if attaching.hang_under(thing, replaces=replaces) and held_for:
        hold_public(thing, held_for=held_for, actor=thing.author, now=now)


def hold_public(
    thing: Post | Comment, *, held_for: Sequence[str], actor: User, now: dt.datetime
) -> bool:
    """Have ``thing`` wait for the team if it is read; return whether it was. Call in a transaction. Lock contract: its row."""
    if isinstance(thing, Post):
        was_read = take_out_of_sight(post=thing, becomes=Post.State.HELD, actor=actor, now=now)
    elif was_read := set_hidden(thing, True, actor, now):
        thing.is_hidden = True
    if was_read:
        hold(thing, held_for=[*held_for, WAS_PUBLIC], now=now)
    return was_read
