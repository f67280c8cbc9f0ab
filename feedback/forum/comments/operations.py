"""Answering under a post."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_team
from feedback.forum.models import COMMENT_LENGTH, Comment, Post
from feedback.forum.permissions import may_take_part
from feedback.forum.posts.hotness import hotness_after
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal

#: A second sending of the same words within this time is the same comment.
SENT_TWICE_WITHIN = dt.timedelta(minutes=2)


def comment(
    *,
    post: Post,
    author: User,
    body: str,
    now: dt.datetime,
    is_official: bool = False,
    is_internal: bool = False,
) -> Comment:
    """Write a comment under ``post``; sent twice within two minutes it is still one.

    Official and internal comments are the team's; an internal one is seen by the team alone and moves no
    counter. Raises `Refusal` for an empty comment and under a closed post, and `PermissionDenied` (official or
    internal, but not of the team). Lock contract: the author's row, so that the same words sent at once make one comment.
    """
    body = typed.words(body, most=COMMENT_LENGTH)
    if not body:
        raise Refusal(_("There is nothing in it yet."), status=422)
    if not may_take_part(post):
        raise Refusal(_("This post is closed: nobody can comment on it any more."))
    if (is_official or is_internal) and not author.is_team:
        raise PermissionDenied("Only the team writes official and internal comments.")
    if is_internal:
        is_official = False
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=author.pk)
        sent_before = Comment.objects.filter(
            post=post, author=author, body=body, posted_at__gt=now - SENT_TWICE_WITHIN
        ).first()
        if sent_before is not None:
            return sent_before
        written = Comment.objects.create(
            post=post,
            author=author,
            body=body,
            is_official=is_official,
            is_internal=is_internal,
            posted_at=now,
        )
        if not is_internal:
            _count(post, 1)
            answered = {"is_answered": True} if is_official else {}
            Post.objects.filter(pk=post.pk).update(
                last_activity_at=Greatest("last_activity_at", Value(now)), **answered
            )
        journal.write(
            verb=Verb.COMMENTED,
            subject=post,
            actor_id=author.pk,
            now=now,
            data={
                "post": post.public_id,
                "comment": written.public_id,
                "is_official": is_official,
                "is_internal": is_internal,
            },
        )
    return written


@by_team
def hide_comment(*, comment: Comment, moderator: User, now: dt.datetime) -> bool:
    """Hide ``comment`` from all but the team; return whether it was shown before."""
    return _set_hidden(comment, True, moderator, now)


@by_team
def show_comment(*, comment: Comment, moderator: User, now: dt.datetime) -> bool:
    """Show ``comment`` again; return whether it was hidden before."""
    return _set_hidden(comment, False, moderator, now)


def _set_hidden(comment: Comment, hidden: bool, moderator: User, now: dt.datetime) -> bool:
    with transaction.atomic():
        changed = Comment.objects.filter(pk=comment.pk, is_hidden=not hidden).update(
            is_hidden=hidden
        )
        if not changed:
            return False
        if not comment.is_internal:
            _count(comment.post, -1 if hidden else 1)
        if comment.is_official:
            stands = Comment.objects.filter(
                post_id=comment.post_id, is_official=True, is_hidden=False
            ).exists()
            Post.objects.filter(pk=comment.post_id).update(is_answered=stands)
        journal.write(
            verb=Verb.COMMENT_HIDDEN if hidden else Verb.COMMENT_SHOWN,
            subject=comment.post,
            actor_id=moderator.pk,
            now=now,
            data={"post": comment.post.public_id, "comment": comment.public_id},
        )
    return True


def _count(post: Post, step: int) -> None:
    Post.objects.filter(pk=post.pk).update(
        comment_count=F("comment_count") + step,
        hotness=hotness_after(posted_at=post.posted_at, more_comments=step),
    )
