"""Taking words out of sight for a ruling, and bringing them back exactly as they were.

Each row is read when it is locked, many at once: a ban hides all that somebody wrote.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from feedback.accounts.language import language_of
from feedback.accounts.models import User
from feedback.forum.closed import reading
from feedback.forum.comments.operations import set_hidden
from feedback.forum.models import Comment, Hiding, Post, Ruling
from feedback.forum.posts.operations import write_state
from feedback.forum.renderings.keeping import forget, keep
from feedback.journal.verbs import Verb
from feedback.kernel import text
from feedback.kernel.refusals import Refusal

#: What of a post goes when its words are removed.
GONE = ("title", "body", "product_version", "fields")
_HIDDEN_POSTS = (Post.State.HIDDEN, Post.State.REMOVED)
HIDDEN, SHOWN = "HIDDEN", "SHOWN"


def hide_post(
    ruling: Ruling, pk: int, *, actor: User, now: dt.datetime, for_good: bool = False
) -> None:
    """Hide a post, ``for_good`` with its words gone from it. Raises `Refusal` where they are gone already.

    Call in a transaction. Lock contract: the post's row.
    """
    for post in _posts([pk]).values():
        if for_good and post.state == Post.State.REMOVED:
            raise Refusal(_("Its words are removed already."))
        _hide_post(ruling, post, actor=actor, now=now, for_good=for_good)


def hide_comment(
    ruling: Ruling, pk: int, *, actor: User, now: dt.datetime, for_good: bool = False
) -> None:
    """Hide a comment as `hide_post` does. Lock contract: the comment's row."""
    for comment in _comments([pk]).values():
        if for_good and not comment.body:
            raise Refusal(_("Its words are removed already."))
        _hide_comment(ruling, comment, actor=actor, now=now, for_good=for_good)


def hide_all_of(ruling: Ruling, person: User, *, actor: User, now: dt.datetime) -> None:
    """Hide every post and comment of ``person`` that stands. Lock contract: each one's row, in their order."""
    standing = Post.objects.filter(author=person, state__in=[*reading.READ, Post.State.HELD])
    for post in _posts(standing.values_list("pk", flat=True)).values():
        _hide_post(ruling, post, actor=actor, now=now)
    shown = Comment.objects.filter(author=person, is_hidden=False)
    for comment in _comments(shown.values_list("pk", flat=True)).values():
        _hide_comment(ruling, comment, actor=actor, now=now)


def show_again(hidings: Collection[Hiding], *, actor: User, now: dt.datetime) -> None:
    """Bring back what these hid, to the state and the words before; the rows go.

    What another ruling hides as well stays hidden, and that one keeps how it was before. Call in a transaction.
    Lock contract: each post's and comment's row, in their order.
    """
    posts = _posts([one.post_id for one in hidings if one.post_id])
    comments = _comments([one.comment_id for one in hidings if one.comment_id])
    same = Q(post__in=posts) | Q(comment__in=comments)
    standing = Hiding.objects.filter(same, ruling__undone_at=None).exclude(
        pk__in=[h.pk for h in hidings]
    )
    others: dict[tuple[int | None, int | None], list[Hiding]] = {}
    for other in standing.order_by("pk"):
        others.setdefault((other.post_id, other.comment_id), []).append(other)
    for kept in hidings:
        rest = others.get((kept.post_id, kept.comment_id), [])
        if kept.post_id is not None:
            _show_post(kept, posts[kept.post_id], rest, actor=actor, now=now)
        elif kept.comment_id is not None:
            _show_comment(kept, comments[kept.comment_id], rest, actor=actor, now=now)
    Hiding.objects.filter(pk__in=[one.pk for one in hidings]).delete()


def _posts(pks: Collection[int]) -> dict[int, Post]:
    held = Post.objects.select_for_update(no_key=True, of=("self",)).select_related("author")
    return {one.pk: one for one in held.filter(pk__in=list(pks)).order_by("pk")}


def _comments(pks: Collection[int]) -> dict[int, Comment]:
    held = Comment.objects.select_for_update(no_key=True, of=("self",)).select_related("post")
    return {one.pk: one for one in held.filter(pk__in=list(pks)).order_by("pk")}


def _hide_post(
    ruling: Ruling, post: Post, *, actor: User, now: dt.datetime, for_good: bool = False
) -> None:
    kept = Hiding(ruling=ruling, post=post, was=post.state)
    if for_good:
        kept.words = {name: getattr(post, name) for name in GONE}
        with override(language_of(post.author) or "en"):
            gone = {"title": _("Removed"), "body": "", "product_version": "", "fields": {}}
        write_words(post, gone)
    kept.save()
    becomes = Post.State.REMOVED if for_good else Post.State.HIDDEN
    if for_good or post.state in (*reading.READ, Post.State.HELD):
        write_state(post=post, becomes=becomes, verb=Verb.POST_HIDDEN, actor=actor, now=now)


def _hide_comment(
    ruling: Ruling, comment: Comment, *, actor: User, now: dt.datetime, for_good: bool = False
) -> None:
    kept = Hiding(ruling=ruling, comment=comment, was=HIDDEN if comment.is_hidden else SHOWN)
    if for_good:
        kept.words = {"body": comment.body}
        Comment.objects.filter(pk=comment.pk).update(body="")
        forget(Comment, [comment.pk])
    kept.save()
    set_hidden(comment, True, actor, now)


def _hand_on(kept: Hiding, others: Sequence[Hiding], hidden: Collection[str]) -> None:
    """Have the next ruling that hides the same keep how it was before this one."""
    following = next((one for one in others if one.pk > kept.pk), None)
    if following is not None and following.was in hidden:
        following.was = kept.was
        following.save(update_fields=["was"])


def _show_post(
    kept: Hiding, post: Post, others: Sequence[Hiding], *, actor: User, now: dt.datetime
) -> None:
    _hand_on(kept, others, _HIDDEN_POSTS)
    becomes = Post.State(kept.was)
    if others:
        becomes = Post.State.HIDDEN if kept.words else Post.State(post.state)
    if kept.words:
        write_words(post, kept.words)
    if post.state in _HIDDEN_POSTS and post.state != becomes:
        verb = Verb.POST_SHOWN if becomes in reading.READ else Verb.POST_HIDDEN
        write_state(post=post, becomes=becomes, verb=verb, actor=actor, now=now)


def _show_comment(
    kept: Hiding, comment: Comment, others: Sequence[Hiding], *, actor: User, now: dt.datetime
) -> None:
    _hand_on(kept, others, (HIDDEN,))
    if kept.words:
        comment.body = kept.words["body"]
        comment.save(update_fields=["body"])
        keep(comment)
    if not others and kept.was == SHOWN:
        set_hidden(comment, False, actor, now)


def write_words(post: Post, words: Mapping[str, object]) -> None:
    """Write ``words`` into ``post``: they were said long ago, so no edit is recorded."""
    for name, value in words.items():
        setattr(post, name, value)
    post.content_hash = text.content_hash(post.title, post.body)
    post.save(update_fields=[*words, "content_hash"])
    keep(post)
