"""Wanting a post, how much, and no longer wanting it."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.restrictions import refuse_agent
from feedback.forum.counts import recount_posts
from feedback.forum.models import Importance, Post, Vote
from feedback.forum.permissions import may_take_part
from feedback.forum.posts.hotness import hotness_after
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel.batches import batches
from feedback.kernel.refusals import Refusal


def _check_open(post: Post) -> None:
    if not may_take_part(post):
        raise Refusal(_("Voting is closed on this post."))


def vote(*, post: Post, person: User, now: dt.datetime, entered_by: User | None = None) -> bool:
    """Have ``person`` want ``post``; return whether they did not before. ``entered_by`` is who of the team says so for them.

    Idempotent. The unique row decides between two at once; the counter moves by an expression in the same
    transaction. ``post``'s own counter is not refreshed. Raises `Refusal`.
    """
    _check_open(post)
    refuse_agent(person)
    with transaction.atomic():
        _, is_new = Vote.objects.get_or_create(post=post, person=person, defaults={"voted_at": now})
        if is_new:
            _count(post, 1)
            _record(Verb.VOTED, post, by=entered_by or person, now=now)
    return is_new


def unvote(*, post: Post, person: User, now: dt.datetime, entered_by: User | None = None) -> bool:
    """Take the vote of ``person`` back; return whether there was one. Idempotent. Raises `Refusal`."""
    _check_open(post)
    with transaction.atomic():
        taken, _ = Vote.objects.filter(post=post, person=person).delete()
        if taken:
            _count(post, -1)
            _record(Verb.UNVOTED, post, by=entered_by or person, now=now)
    return bool(taken)


def weigh(*, post: Post, person: User, importance: str, now: dt.datetime) -> bool:
    """Say how much ``post`` matters to ``person``, who wants it, "" for no word of it; return whether that is new.

    It stands in the row of the vote, so taking that back takes this back. Raises `Refusal` for an unknown importance, for
    whoever does not want the post and where voting is closed.
    """
    if importance not in ("", *Importance.values):
        raise Refusal(
            _("Say how important it is: nice to have, important or critical."), status=422
        )
    _check_open(post)
    own = Vote.objects.filter(post=post, person=person)
    with transaction.atomic():
        if own.exclude(importance=importance).update(importance=importance):
            _record(Verb.VOTE_WEIGHED, post, by=person, now=now)
            return True
        if not own.exists():
            raise Refusal(_("Say “me too” first, then how important it is to you."))
    return False


def _record(verb: Verb, post: Post, *, by: User, now: dt.datetime) -> None:
    journal.write(verb=verb, subject=post, actor_id=by.pk, now=now, data={"post": post.public_id})


@transaction.atomic
def bring_votes(votes: Iterable[tuple[Post, User, dt.datetime]]) -> int:
    """Have people want posts since they did so elsewhere; return how many votes are new. What an import does.

    Each is (post, person, when). Like imported posts they are no news: nobody is told, and the journal has no entry for each.
    Whoever brings them has the asks of the posts counted anew. Lock contract: the posts' rows.
    """
    rows = [Vote(post=post, person=person, voted_at=when) for post, person, when in votes]
    posts = {row.post_id for row in rows}
    before = Vote.objects.filter(post__in=posts).count()
    Vote.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    recount_posts(posts)
    return Vote.objects.filter(post__in=posts).count() - before


def write_crowds(crowded: Mapping[int, int]) -> None:
    """Write by how many fewer the people of each of these posts count, by primary key. Lock contract: the posts' rows, some at a time."""
    for number in sorted(set(crowded.values())):
        for some in batches([pk for pk, fewer in crowded.items() if fewer == number]):
            Post.objects.filter(pk__in=some).update(crowded=number)


def _count(post: Post, step: int) -> None:
    Post.objects.filter(pk=post.pk).update(
        vote_count=F("vote_count") + step,
        hotness=hotness_after(posted_at=post.posted_at, more_votes=step),
    )
