"""Imported posts whose row has changed since: what differs, and making the post say what the row says now."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import Max

from feedback.accounts.models import Origin, User
from feedback.forum.models import Comment, Post, Vote
from feedback.forum.posts.hotness import hotness
from feedback.forum.queries import imported_posts
from feedback.forum.renderings.keeping import keep
from feedback.forum.search import index
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb

#: What a row says of a post, and what of that are its words.
_WORDS = ("title", "body", "kind", "product_version")
_FIELDS = (*_WORDS, "rating", "country", "votes_elsewhere", "fields", "posted_at")
_WRITTEN = (*_FIELDS, "language", "content_hash", "edited_at", "hotness", "last_activity_at")
#: A post, and what it should say.
Changed = tuple[Post, dict[str, Any]]


@dataclass(frozen=True)
class Changes:
    """How many stored posts were made to say what their rows say, and how many differ and were left."""

    taken: int
    left: int


def take_changes(
    rows: Mapping[str, Post], *, source: str, actor: User | None, update: bool, now: dt.datetime
) -> Changes:
    """Count the stored posts that say something else than ``rows`` (by external id); with ``update`` they say the same then.

    A post that its author withdrew stays as it is. So does one whose author is somebody here by now, who may have edited it: of
    its row only the votes elsewhere are taken. The journal keeps the words before. Lock contract: the posts that change.
    """
    if not update:
        return Changes(taken=0, left=len(_changed(rows, _stored(rows, source))))
    with transaction.atomic():
        posts = _stored(rows, source).select_for_update(no_key=True)
        changed, left = _not_one_s_own(_changed(rows, posts.order_by("pk")))
        for post, wanted in changed:
            _change(post, wanted, rows[post.external_id], actor=actor, now=now)
        _move_in_time([post for post, wanted in changed if "posted_at" in wanted])
        Post.objects.bulk_update([post for post, _ in changed], _WRITTEN)
    return Changes(taken=len(changed), left=left)


def _not_one_s_own(changed: Sequence[Changed]) -> tuple[list[Changed], int]:
    """Return what may change, and how many posts have words that their authors here answer for."""
    authors = User.objects.filter(pk__in={post.author_id for post, _ in changed})
    here = set(authors.filter(origin=Origin.SIGNED_UP).values_list("pk", flat=True))
    may, left = [], 0
    for post, wanted in changed:
        votes = {name: wanted[name] for name in ("votes_elsewhere",) if name in wanted}
        if post.author_id not in here or votes == wanted:
            may.append((post, wanted))
            continue
        left += 1
        if votes:
            may.append((post, votes))
    return may, left


def _move_in_time(posts: Sequence[Post]) -> None:
    """Have what follows from their day be that of another day: heat, last activity and the author's own vote."""
    comments = Comment.objects.filter(post__in=posts, is_internal=False, is_hidden=False)
    latest: dict[int, dt.datetime] = dict(
        comments.order_by().values("post").annotate(at=Max("posted_at")).values_list("post", "at")
    )
    for post in posts:
        post.hotness = hotness(
            posted_at=post.posted_at, votes=post.vote_count, comments=post.comment_count
        )
        post.last_activity_at = max(post.posted_at, latest.get(post.pk, post.posted_at))
        Vote.objects.filter(post=post, person=post.author_id).update(voted_at=post.posted_at)


def _stored(rows: Mapping[str, Post], source: str) -> "models.QuerySet[Post]":
    found = imported_posts(source, rows)
    return found.exclude(state=Post.State.WITHDRAWN)


def _changed(rows: Mapping[str, Post], stored: Iterable[Post]) -> list[Changed]:
    """Return the stored posts that differ from their rows, each with what it should say."""
    found = []
    for post in stored:
        row = rows[post.external_id]
        wanted = {
            name: getattr(row, name)
            for name in _FIELDS
            if getattr(row, name) != getattr(post, name)
        }
        if row.posted_at == row.arrived_at:  # the row has no date: the post keeps the one it got
            wanted.pop("posted_at", None)
        if wanted:
            found.append((post, wanted))
    return found


def _change(
    post: Post, wanted: Mapping[str, Any], row: Post, *, actor: User | None, now: dt.datetime
) -> None:
    before = {name: getattr(post, name) for name in _WORDS if name in wanted}
    for name, value in wanted.items():
        setattr(post, name, value)
    if before:
        post.language, post.content_hash = row.language, row.content_hash
        post.edited_at = now
        keep(post)
        index.index_post(post)
        journal.write(
            verb=Verb.POST_EDITED,
            subject=post,
            actor_id=None if actor is None else actor.pk,
            now=now,
            data={"post": post.public_id, "before": before},
        )
