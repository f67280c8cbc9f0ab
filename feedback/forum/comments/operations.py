"""Answering under a post."""

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_moderator
from feedback.accounts.restrictions import refuse_agent, refuse_muted
from feedback.forum.comments import mentions
from feedback.forum.models import COMMENT_LENGTH, Comment, Post
from feedback.forum.moderation.cases import WAS_PUBLIC, hold
from feedback.forum.permissions import (
    may_accept,
    may_comment,
    may_take_part,
    speaks_for_team,
    why_no_comment,
)
from feedback.forum.posts.hotness import hotness_after
from feedback.forum.renderings.keeping import keep
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import text, typed
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
    reply_to: Comment | None = None,
    held_for: Sequence[str] = (),
) -> Comment:
    """Write a comment under ``post``, or an answer to one there; sent twice within two minutes it is still one.

    Official and internal comments are the team's; an internal one is seen by the team alone and moves no
    counter, and so are the answers to it. An answer to an answer stands beside that, under the same comment. Whoever it
    mentions is told. What is ``held_for`` something waits unseen for the team, in a case. Raises `Refusal` for an empty
    comment, under a closed post and of one who is muted, and `PermissionDenied` (official or
    internal, but not of the team). Lock contract: the author's row, so that the same words sent at once make one comment.
    """
    body = typed.words(body, most=COMMENT_LENGTH)
    if not body:
        raise Refusal(_("There is nothing in it yet."), status=422)
    if not may_take_part(post):
        raise Refusal(_("This post is closed: nobody can comment on it any more."))
    refuse_muted(author, now=now)
    refuse_agent(author)
    if not may_comment(author, post):
        raise Refusal(why_no_comment(author, post))
    if reply_to is not None:
        if reply_to.withdrawn_at is not None:
            raise Refusal(_("Its author took that comment back, so nobody can answer it."))
        if reply_to.is_hidden:
            raise Refusal(_("That comment is hidden, so nobody can answer it."))
        if reply_to.post_id != post.pk:
            raise Refusal(_("That comment stands under another post."), status=422)
        is_internal = is_internal or reply_to.is_internal
    if (is_official or is_internal) and not speaks_for_team(author, post):
        raise PermissionDenied("Only the team writes official and internal comments.")
    if is_internal:
        is_official = False
    body = mentions.linked(body, post=post)
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
            reply_to_id=(reply_to.reply_to_id or reply_to.pk) if reply_to is not None else None,
            posted_at=now,
            is_hidden=bool(held_for),
        )
        keep(written)
        if held_for:
            hold(written, held_for=held_for, now=now)
        else:
            _made_public(written, answered=reply_to, now=now)
    return written


def _made_public(written: Comment, *, answered: Comment | None, now: dt.datetime) -> None:
    post = written.post
    if not written.is_internal:
        _count(post, 1)
        lift(post, at=now, **({"is_answered": True} if written.is_official else {}))
    mentions.tell(written, actor=written.author, now=now)
    data: dict[str, object] = {"post": post.public_id, "comment": written.public_id}
    data |= {"is_official": written.is_official, "is_internal": written.is_internal}
    if answered is not None:
        data["reply_to"] = answered.public_id
    journal.write(verb=Verb.COMMENTED, subject=post, actor_id=written.author_id, now=now, data=data)


def lift(post: Post, *, at: dt.datetime, **changed: bool) -> None:
    """Write that something was said in ``post`` at ``at``, which lifts it in lists by last activity, and what it ``changed``."""
    Post.objects.filter(pk=post.pk).update(
        last_activity_at=Greatest("last_activity_at", Value(at)), **changed
    )


def publish_held(*, comment: Comment, now: dt.datetime) -> None:
    """Publish a comment that was held, as if it were written now. Call in a transaction that holds its row."""
    comment.is_hidden, comment.posted_at = False, now
    comment.save(update_fields=["is_hidden", "posted_at"])
    _made_public(comment, answered=comment.reply_to, now=now)


def hold_again(
    *, comment: Comment, posted_at: dt.datetime | None, actor: User, now: dt.datetime
) -> None:
    """Have a comment that was held and published wait again, as it did before. Call in a transaction."""
    set_hidden(comment, True, actor, now)
    if posted_at is not None:
        Comment.objects.filter(pk=comment.pk).update(posted_at=posted_at)


def edit_comment(
    *,
    comment: Comment,
    editor: User,
    body: str,
    now: dt.datetime,
    seen: str = "",
    held_for: Sequence[str] = (),
) -> bool:
    """Change the words of a comment; return whether anything changed. The journal keeps the words before.

    ``seen`` is `text.content_hash` of the words that the editor began with: raises `Refusal` where they have changed since,
    for an empty comment, a hidden one and a closed post, `PermissionDenied` for anybody but its author. Whoever it mentions
    anew is told. Lock contract: the comment's row.
    """
    if comment.author_id != editor.pk:
        raise PermissionDenied
    refuse_muted(editor, now=now)
    body = typed.words(body, most=COMMENT_LENGTH)
    if not body:
        raise Refusal(_("There is nothing in it yet."), status=422)
    if not may_comment(editor, comment.post):
        raise Refusal(_("This post is closed: its comments stay as they are."))
    body = mentions.linked(body, post=comment.post)
    with transaction.atomic():
        stored = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
        if stored.is_hidden:
            raise Refusal(_("A moderator hid this comment, so its words cannot be changed."))
        if seen and seen != text.content_hash("", stored.body):
            raise Refusal(
                _("You changed this comment elsewhere meanwhile. It says now: %s") % stored.body
            )
        if stored.body == body:
            return False
        known = mentions.named_in(stored.body)
        comment.body, comment.edited_at = body, now
        comment.save(update_fields=["body", "edited_at"])
        keep(comment)
        if held_for:
            set_hidden(comment, True, editor, now)
            hold(comment, held_for=[*held_for, WAS_PUBLIC], now=now)
        else:
            mentions.tell(comment, actor=editor, now=now, but_not=known)
        journal.write(
            verb=Verb.COMMENT_EDITED,
            subject=comment.post,
            actor_id=editor.pk,
            now=now,
            data={
                "post": comment.post.public_id,
                "comment": comment.public_id,
                "before": stored.body,
            },
        )
    return True


def accept_answer(*, post: Post, comment: Comment | None, actor: User, now: dt.datetime) -> bool:
    """Say which comment answers the question ``post``, or that none does; return whether that is new.

    Its author may, and the team. Raises `PermissionDenied` for others and `Refusal` for what is no question or no public
    comment of it. Lock contract: the post's row.
    """
    if not may_accept(actor, post):
        raise PermissionDenied
    if comment is not None and (
        comment.post_id != post.pk or comment.is_internal or comment.is_hidden
    ):
        raise Refusal(_("That comment cannot be the answer."), status=422)
    with transaction.atomic():
        stored = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
        if stored.kind != Post.Kind.QUESTION:
            raise Refusal(_("Only a question has an answer."))
        new = comment.pk if comment is not None else None
        if stored.accepted_id == new:
            return False
        post.accepted = comment
        post.save(update_fields=["accepted"])
        data = {"post": post.public_id}
        if comment is not None:
            data["comment"] = comment.public_id
        journal.write(
            verb=Verb.ANSWER_ACCEPTED if comment is not None else Verb.ANSWER_NOT_ACCEPTED,
            subject=post,
            actor_id=actor.pk,
            now=now,
            data=data,
        )
    return True


@by_moderator
def hide_comment(*, comment: Comment, moderator: User, now: dt.datetime) -> bool:
    """Hide ``comment`` from all but the team; return whether it was shown before."""
    return set_hidden(comment, True, moderator, now)


@by_moderator
def show_comment(*, comment: Comment, moderator: User, now: dt.datetime) -> bool:
    """Show ``comment`` again; return whether it was hidden before."""
    return set_hidden(comment, False, moderator, now)


def set_hidden(comment: Comment, hidden: bool, moderator: User | None, now: dt.datetime) -> bool:
    """Write that ``comment`` is hidden, or that it is shown; return whether it was not. One that was taken back stays gone.

    ``moderator`` is None where nobody of the team decided it.
    """
    with transaction.atomic():
        stored = Comment.objects.filter(pk=comment.pk, withdrawn_at=None)
        if not stored.filter(is_hidden=not hidden).update(is_hidden=hidden):
            return False
        count_again(comment, -1 if hidden else 1)
        journal.write(
            verb=Verb.COMMENT_HIDDEN if hidden else Verb.COMMENT_SHOWN,
            subject=comment.post,
            actor_id=moderator.pk if moderator is not None else None,
            now=now,
            data={"post": comment.post.public_id, "comment": comment.public_id},
        )
    return True


def count_again(comment: Comment, step: int) -> None:
    """Have the post of ``comment`` count one more or one less, and say whether it is answered. Call in a transaction."""
    if not comment.is_internal:
        _count(comment.post, step)
    if comment.is_official:
        official = Comment.objects.filter(post_id=comment.post_id, is_official=True)
        stands = official.filter(is_hidden=False).exists()
        Post.objects.filter(pk=comment.post_id).update(is_answered=stands)


def _count(post: Post, step: int) -> None:
    Post.objects.filter(pk=post.pk).update(
        comment_count=F("comment_count") + step,
        hotness=hotness_after(posted_at=post.posted_at, more_comments=step),
    )
