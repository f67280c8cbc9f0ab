"""Taking over comments from elsewhere, under posts that were taken over."""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max, Q, QuerySet

from feedback.accounts.claiming.operations import carry_over
from feedback.accounts.imported import Writer, bring_writers, origin_key
from feedback.forum.models import COMMENT_LENGTH, Comment, Post
from feedback.forum.posts.hotness import hotness
from feedback.forum.queries import imported_posts
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
            arrived_at=now,
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
        Comment.objects.bulk_create(comments.values(), batch_size=500, ignore_conflicts=True)
        _recount(touched)
        carry_over(comment.author_id for comment in comments.values())
    result.made = len(comments)
    return result


def brought_at(moments: Collection[dt.datetime], *, source: str) -> "QuerySet[Comment]":
    """Return the comments that an import of ``source`` brought at these moments, to whatever posts."""
    return Comment.objects.filter(arrived_at__in=moments, post__source=source)


@transaction.atomic
def take_comments_away(comments: "QuerySet[Comment]") -> None:
    """Erase comments that an import brought. Lock contract: their posts' rows."""
    touched = set(comments.values_list("post", flat=True))
    comments.delete()
    _recount(touched)


def _posts_of(source: str, external_ids: Iterable[str]) -> dict[str, Post]:
    posts = imported_posts(source, external_ids)
    return {post.external_id: post for post in posts.only("pk", "external_id", "posted_at")}


def _there(comments: Iterable[tuple[int, str]]) -> set[tuple[int, str]]:
    """Return which of these (post, external id) have been written already."""
    wanted = set(comments)
    there: set[tuple[int, str]] = set()
    for some in batches({post_id for post_id, _ in wanted}):
        held = Comment.objects.filter(post__in=some).exclude(external_id="")
        there |= wanted & set(held.values_list("post", "external_id"))
    return there


def _recount(post_ids: Iterable[int]) -> None:
    """Set what posts say of their comments. Lock contract: the posts' rows, in the order of their keys.

    As `counts.recount_posts` does, in one statement for each post: an import brings comments to thousands.
    """
    public = Comment.objects.filter(post__in=post_ids, is_internal=False, is_hidden=False)
    held = Post.objects.select_for_update(no_key=True).filter(pk__in=post_ids).order_by("pk")
    posts = list(held.only("pk", "posted_at", "vote_count", "last_activity_at"))
    counted: dict[int, Any] = {
        row["post"]: row
        for row in public.order_by()
        .values("post")
        .annotate(
            number=Count("pk"),
            official=Count("pk", filter=Q(is_official=True)),
            latest=Max("posted_at"),
        )
    }
    rows: list[tuple[Any, ...]] = []
    for post in posts:
        row = counted.get(post.pk, {"number": 0, "official": 0, "latest": post.last_activity_at})
        active_at: dt.datetime = max(post.last_activity_at, row["latest"])
        heat = hotness(posted_at=post.posted_at, votes=post.vote_count, comments=row["number"])
        active = connection.ops.adapt_datetimefield_value(active_at)
        rows.append((row["number"], row["official"] > 0, heat, active, post.pk))
    table = connection.ops.quote_name(Post._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET comment_count = %s, is_answered = %s, hotness = %s, last_activity_at = %s WHERE id = %s",  # noqa: S608
            rows,
        )


def _made_id(row: CommentRow) -> str:
    at = row.posted_at.isoformat() if row.posted_at else ""
    said = "\x1f".join((row.writer.key, at, row.body))
    return f"made-{hashlib.blake2b(said.encode('utf-8', 'replace'), digest_size=12).hexdigest()}"
