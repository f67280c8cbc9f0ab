"""What becomes of words that an outside checker has judged: they wait for the team, who read its verdict beside them."""

import datetime as dt

from django.db import transaction

from feedback.forum.comments.operations import set_hidden
from feedback.forum.models import Comment, OutsideCheck, Post, Ruling
from feedback.forum.moderation.cases import WAS_PUBLIC, hold, key_of, open_case
from feedback.forum.moderation.outside.noting import digest_of
from feedback.forum.posts.operations import write_state
from feedback.journal.verbs import Verb
from feedback.kernel.leases import Lease

#: Among the grounds of what is held.
GROUND = "CHECKER"


def apply(
    lease: Lease[OutsideCheck], *, verdict: str, reason: str, source: str, now: dt.datetime
) -> bool:
    """Write the verdict, and have what it is against wait for the team; return whether the question was still ours.

    Where the words are others by now, or the team has decided about them, the verdict is kept and changes nothing.
    Lock contract: the row of the post or comment, then its case's.
    """
    check = lease.row
    with transaction.atomic():
        said = {"state": "ANSWERED", "verdict": verdict, "reason": reason, "source": source}
        if not lease.end(**said, trouble=""):
            return False
        if verdict == OutsideCheck.Verdict.ALLOW:
            return True
        if check.post_id is not None:
            _hold_post(check, check.post_id, now=now)
        elif check.comment_id is not None:
            _hold_comment(check, check.comment_id, now=now)
    return True


def _hold_post(check: OutsideCheck, pk: int, *, now: dt.datetime) -> None:
    post = Post.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if post is None or not _is_open(post, check):
        return
    if post.state == Post.State.HELD:
        _add_ground(post, now=now)
    elif post.state == Post.State.PUBLISHED:
        write_state(post=post, becomes=Post.State.HELD, verb=Verb.POST_HIDDEN, actor=None, now=now)
        hold(post, held_for=[GROUND, WAS_PUBLIC], now=now)


def _hold_comment(check: OutsideCheck, pk: int, *, now: dt.datetime) -> None:
    held = Comment.objects.select_for_update(no_key=True, of=("self",)).select_related("post")
    comment = held.filter(pk=pk, withdrawn_at=None).first()
    if comment is None or not _is_open(comment, check):
        return
    if comment.is_hidden:
        _add_ground(comment, now=now)
    elif set_hidden(comment, True, None, now):
        hold(comment, held_for=[GROUND, WAS_PUBLIC], now=now)


def _is_open(thing: Post | Comment, check: OutsideCheck) -> bool:
    """Whether these are still the words that were judged, and nobody of the team has judged them."""
    decided = Ruling.objects.filter(
        case__thing=key_of(thing), undone_at=None, made_at__gte=check.noted_at
    )
    return digest_of(thing) == check.digest and not decided.exists()


def _add_ground(thing: Post | Comment, *, now: dt.datetime) -> None:
    case = open_case(thing, now=now)
    if case.held_for and GROUND not in case.held_for:
        case.held_for = [*case.held_for, GROUND]
        case.save(update_fields=["held_for"])
