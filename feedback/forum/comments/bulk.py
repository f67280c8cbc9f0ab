"""Taking over comments from elsewhere, under posts that were taken over."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Max
from django.db.models.functions import Greatest

from feedback.accounts.imported import Writer, bring_writers, origin_key
from feedback.forum.counts import recount_posts
from feedback.forum.models import COMMENT_LENGTH, Comment, Post
from feedback.kernel import text, typed, visible
from feedback.kernel.batches import batches

NOBODY = Writer()


@dataclass(frozen=True, slots=True)
class CommentRow:
    """One comment: ``post`` is the external id of its post. Without an id of its own its content tells it from others."""

    post: str
    body: str
    writer: Writer = NOBODY
    posted_at: dt.datetime | None = None
    external_id: str = ""
    is_official: bool = False
    is_internal: bool = False


@dataclass(slots=True)
class CommentsBrought:
    """What came of some comments: ``made`` are new, ``orphaned`` answer posts that are not there."""

    made: int = 0
    orphaned: int = 0


def bring_comments(rows: Iterable[CommentRow], *, source: str, now: dt.datetime) -> CommentsBrought:
    """Write the comments that are not there yet under the posts of ``source``.

    One without a date has its post's. Like imported posts they are no news: nobody is told, and the journal has no entry for
    each. Lock contract: the posts' rows.
    """
    told = list(rows)
    posts = _posts_of(source, {row.post for row in told})
    result = CommentsBrought(orphaned=sum(row.post not in posts for row in told))
    comments: dict[tuple[int, str], Comment] = {}
    writers: dict[str, Writer] = {}
    keys: dict[tuple[int, str], str] = {}
    for row in told:
        post = posts.get(row.post)
        body = typed.shown(text.normalise(row.body))
        if post is None or not body:
            continue
        external_id = row.external_id[:200] or _made_id(row)
        at = (post.pk, external_id)
        key = origin_key(source, row.writer.key, f"{row.post}/{external_id}")
        writers[key], keys[at] = row.writer, key
        comments[at] = Comment(
            post=post,
            body=visible.cut(body, COMMENT_LENGTH),
            is_official=row.is_official and not row.is_internal,
            is_internal=row.is_internal,
            external_id=external_id,
            posted_at=min(row.posted_at or post.posted_at, now),
        )
    for at in _there(comments):
        del comments[at]
    if not comments:
        return result
    people = bring_writers({keys[at]: writers[keys[at]] for at in comments}, now=now)
    for at, comment in comments.items():
        comment.author = people[keys[at]]
    with transaction.atomic():
        touched = {post_id for post_id, _ in comments}
        before = Comment.objects.filter(post__in=touched).count()
        Comment.objects.bulk_create(comments.values(), batch_size=500, ignore_conflicts=True)
        result.made = Comment.objects.filter(post__in=touched).count() - before
        recount_posts(touched)
        _note_activity(touched)
    return result


def _posts_of(source: str, external_ids: Iterable[str]) -> dict[str, Post]:
    posts = Post.objects.filter(source=source, external_id__in=list(external_ids))
    return {post.external_id: post for post in posts.only("pk", "external_id", "posted_at")}


def _there(comments: Iterable[tuple[int, str]]) -> set[tuple[int, str]]:
    """Return which of these (post, external id) have been written already."""
    wanted = set(comments)
    there: set[tuple[int, str]] = set()
    for some in batches({post_id for post_id, _ in wanted}):
        held = Comment.objects.filter(post__in=some).exclude(external_id="")
        there |= wanted & set(held.values_list("post", "external_id"))
    return there


def _note_activity(post_ids: Iterable[int]) -> None:
    latest = (
        Comment.objects.filter(post__in=post_ids, is_internal=False, is_hidden=False)
        .values("post")
        .annotate(at=Max("posted_at"))
    )
    for row in latest.order_by():
        Post.objects.filter(pk=row["post"]).update(
            last_activity_at=Greatest(F("last_activity_at"), row["at"])
        )


def _made_id(row: CommentRow) -> str:
    at = row.posted_at.isoformat() if row.posted_at else ""
    said = "\x1f".join((row.writer.key, at, row.body))
    return f"made-{hashlib.blake2b(said.encode('utf-8', 'replace'), digest_size=12).hexdigest()}"
