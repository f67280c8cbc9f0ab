"""Proving the counters against the rows they count."""

from collections.abc import Collection

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from feedback.forum.closed.reading import SHOWN
from feedback.forum.models import Board, Comment, Post, Vote
from feedback.forum.posts.hotness import hotness
from feedback.kernel.batches import batches
from feedback.kernel.turns import turn

_BATCH = 250


def _counted(rows: QuerySet[Vote] | QuerySet[Comment]) -> Coalesce:
    number = rows.filter(post=OuterRef("pk")).order_by().values("post").annotate(n=Count("pk"))
    return Coalesce(Subquery(number.values("n"), output_field=IntegerField()), Value(0))


def reconcile_counts(*, fix: bool = True) -> dict[str, int]:
    """Set every counter to the number of rows it counts; return how many rows each repair touched, or would without ``fix``.

    Works in batches of some hundred posts, each its own transaction, with a rest for others after it; may run while people post and vote.
    """
    repaired = dict.fromkeys(("votes", "comments", "answers", "hotness", "boards"), 0)
    public = Comment.objects.filter(is_internal=False, is_hidden=False)
    last = 0
    while pks := list(
        Post.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_BATCH]
    ):
        last = pks[-1]
        with turn():
            _reconcile(pks, public, repaired, fix=fix)
    repaired["boards"] = _reconcile_boards(fix=fix)
    return repaired


def recount_posts(post_ids: Collection[int]) -> None:
    """Set the counters of these posts to the numbers of rows they count. Call in a transaction.

    Lock contract: the posts' rows.
    """
    public = Comment.objects.filter(is_internal=False, is_hidden=False)
    for some in batches(post_ids):
        _reconcile(some, public, dict.fromkeys(("votes", "comments", "answers", "hotness"), 0))


def _reconcile_boards(*, fix: bool) -> int:
    """Set the counters of all boards; counted and written in one statement, so that no post falls between."""
    shown = (
        Post.objects.filter(board=OuterRef("pk"), state__in=SHOWN)
        .order_by()
        .values("board")
        .annotate(n=Count("pk"))
        .values("n")
    )
    counted = Coalesce(Subquery(shown, output_field=IntegerField()), Value(0))
    wrong = Board.objects.exclude(post_count=counted)
    return wrong.update(post_count=counted) if fix else wrong.count()


def _reconcile(
    pks: list[int], public: QuerySet[Comment], repaired: dict[str, int], *, fix: bool = True
) -> None:
    posts = list(
        Post.objects.select_for_update(no_key=True)
        .filter(pk__in=pks)
        .only("posted_at", "vote_count", "comment_count", "hotness", "is_answered")
    )
    counted = {
        post.pk: post
        for post in Post.objects.filter(pk__in=pks)
        .annotate(
            votes_there=_counted(Vote.objects.all()),
            comments_there=_counted(public),
            official_there=Exists(public.filter(post=OuterRef("pk"), is_official=True)),
        )
        .only("pk")
    }
    wrong = []
    for post in posts:
        there = counted[post.pk]
        is_wrong = False
        if post.vote_count != there.votes_there:
            post.vote_count, is_wrong = there.votes_there, True
            repaired["votes"] += 1
        if post.comment_count != there.comments_there:
            post.comment_count, is_wrong = there.comments_there, True
            repaired["comments"] += 1
        if post.is_answered != there.official_there:
            post.is_answered, is_wrong = there.official_there, True
            repaired["answers"] += 1
        right = hotness(
            posted_at=post.posted_at, votes=post.vote_count, comments=post.comment_count
        )
        if abs(post.hotness - right) > 1:
            post.hotness, is_wrong = right, True
            repaired["hotness"] += 1
        if is_wrong:
            wrong.append(post)
    if fix:
        Post.objects.bulk_update(wrong, ["vote_count", "comment_count", "is_answered", "hotness"])
