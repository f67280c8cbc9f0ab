"""Posts, comments and votes of an imported author who turned out to be somebody here."""

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

from django.db.models import F
from django.utils.translation import ngettext

from feedback.accounts.claiming.keepers import Keeper, Record, Records, counted
from feedback.accounts.models import User
from feedback.forum.counts import recount_posts
from feedback.forum.models import Comment, Post, Vote, VoteForCustomer
from feedback.kernel.batches import batches

ROOM = "forum"


def hand_over(author: User, person: User, records: Records) -> Record:
    """Have all that ``author`` wrote and wants be ``person``'s. Where both want a post one vote stays, since the earlier day.

    Lock contract: the posts' rows, in the order of their keys.
    """
    posts = list(Post.objects.filter(author=author).values_list("pk", flat=True))
    comments = list(Comment.objects.filter(author=author).values_list("pk", flat=True))
    wanted = list(Vote.objects.filter(person=author).values_list("post", flat=True))
    _hold([*posts, *wanted])
    # What is written from here on is not moved: it is carried over, so that all that moves is recorded.
    held = set(wanted)
    theirs = {
        vote.post_id: vote for vote in Vote.objects.filter(person=author) if vote.post_id in held
    }
    both: dict[int, list[Any]] = {}
    for some in batches(theirs):
        votes_here = list(Vote.objects.filter(person=person, post__in=some))
        entered = _entered_for(author, [own.post_id for own in votes_here])
        for own in votes_here:
            other = theirs[own.post_id]
            days = [other.voted_at.isoformat(), own.voted_at.isoformat()]
            weights = [other.importance, own.importance]
            both[own.post_id] = [*days, *weights, entered.get(own.post_id)]
            own.voted_at = min(own.voted_at, other.voted_at)
            own.importance = own.importance or other.importance
        Vote.objects.bulk_update(votes_here, ["voted_at", "importance"])
    for some in batches(both):
        Vote.objects.filter(person=author, post__in=some).delete()
    for some in batches(posts):
        Post.objects.filter(pk__in=some, author=author).update(author=person)
    for some in batches(comments):
        Comment.objects.filter(pk__in=some, author=author).update(author=person)
    votes = [[vote.pk, post] for post, vote in theirs.items() if post not in both]
    for some in batches(vote for vote, _post in votes):
        Vote.objects.filter(pk__in=some, person=author).update(person=person)
    recount_posts(both)
    wanted_by_both = [[post, *kept] for post, kept in both.items()]
    return {"posts": posts, "comments": comments, "votes": votes, "both": wanted_by_both}


def hand_back(author: User, person: User, records: Records) -> None:
    """Give back what is still ``person``'s; a vote that was one of two is two again. Lock contract: as `hand_over`."""
    record = records.get(ROOM, {})
    _hold(touched(records))
    for some in batches(record.get("posts", [])):
        Post.objects.filter(pk__in=some, author=person).update(author=author)
    for some in batches(record.get("comments", [])):
        Comment.objects.filter(pk__in=some, author=person).update(author=author)
    for some in batches(vote for vote, _post in record.get("votes", [])):
        Vote.objects.filter(pk__in=some, person=person).update(person=author)
    both = {post: _kept(*said) for post, *said in record.get("both", [])}
    for some in batches(both):
        # Where the person took their vote back, both of the one that it was made of stay taken back.
        votes_here = list(Vote.objects.filter(person=person, post__in=some))
        for own in votes_here:
            kept = both[own.post_id]
            own.voted_at = _day(kept.own_day)
            if own.importance == (kept.own_weight or kept.weight):
                own.importance = kept.own_weight
        Vote.objects.bulk_update(votes_here, ["voted_at", "importance"])
        for own in votes_here:
            _vote_again(own.post_id, author, both[own.post_id])
    recount_posts(touched(records))


def touched(records: Records) -> set[int]:
    """Return the posts whose author or voters a claim changed."""
    record = records.get(ROOM, {})
    wanted = [post for _vote, post in record.get("votes", [])]
    both = [post for post, *_said in record.get("both", [])]
    return {*record.get("posts", []), *wanted, *both}


def said(authors: Collection[User]) -> dict[int, list[str]]:
    """Return in words how many posts, replies and votes for others are each author's."""
    posts = counted(Post.objects.all(), "author", authors)
    replies = counted(Comment.objects.filter(is_internal=False), "author", authors)
    votes = counted(Vote.objects.exclude(post__author=F("person")), "person", authors)
    return {
        author.pk: _in_words(posts[author.pk], replies[author.pk], votes[author.pk])
        for author in authors
    }


def _in_words(posts: int, replies: int, votes: int) -> list[str]:
    words = [
        (posts, ngettext("%d post", "%d posts", posts)),
        (replies, ngettext("%d reply", "%d replies", replies)),
        (votes, ngettext("%d vote for others", "%d votes for others", votes)),
    ]
    return [sentence % number for number, sentence in words if number]


def _day(said: str) -> dt.datetime:
    return dt.datetime.fromisoformat(said)


class _Kept(NamedTuple):
    """What two votes of one post were before they became one; ``entered`` is what the team said of the author's."""

    day: str
    own_day: str
    weight: str
    own_weight: str
    entered: dict[str, Any] | None


def _kept(
    day: str, own_day: str, weight: str = "", own_weight: str = "", entered: Any = None
) -> _Kept:
    return _Kept(day, own_day, weight, own_weight, entered)


def _entered_for(author: User, posts: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return what the team said of the author's votes on these posts, as JSON, by post."""
    rows = VoteForCustomer.objects.filter(vote__person=author, vote__post__in=posts)
    return {
        row.vote.post_id: {
            "public_id": row.public_id,
            "customer": row.customer,
            "source": row.source,
            "link": row.link,
            "entered_by_id": row.entered_by_id,
            "entered_at": row.entered_at.isoformat(),
        }
        for row in rows.select_related("vote")
    }


def _vote_again(post_pk: int, author: User, kept: _Kept) -> None:
    known = {"voted_at": _day(kept.day), "importance": kept.weight}
    if not kept.entered:
        Vote.objects.bulk_create(
            [Vote(post_id=post_pk, person=author, **known)], ignore_conflicts=True
        )
        return
    vote, is_new = Vote.objects.get_or_create(post_id=post_pk, person=author, defaults=known)
    if is_new:
        entered = kept.entered | {"entered_at": _day(kept.entered["entered_at"])}
        if not User.objects.filter(pk=entered["entered_by_id"]).exists():
            entered["entered_by_id"] = None
        VoteForCustomer.objects.create(vote=vote, **entered)


def _hold(posts: "list[int] | set[int]") -> None:
    """Hold these posts' rows until the transaction ends."""
    for some in batches(posts):
        held = Post.objects.select_for_update(no_key=True).filter(pk__in=some).order_by("pk")
        list(held.values_list("pk", flat=True))


KEEPER = Keeper(
    room=ROOM,
    holds=((Post, "author"), (Comment, "author"), (Vote, "person")),
    hand_over=hand_over,
    hand_back=hand_back,
    said=said,
)
