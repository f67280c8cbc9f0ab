"""Reading the forum."""

from collections.abc import Iterable
from typing import Literal

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from feedback.accounts.models import User
from feedback.accounts.permissions import is_team
from feedback.forum.models import Board, Comment, Post, Product, Vote
from feedback.forum.products.queries import within

Person = User | AnonymousUser
Sort = Literal["hot", "new", "top", "unanswered", "mine"]

#: Ties go to the lower id: so the database may read each order straight from its index.
_ORDERS: dict[str, tuple[str, ...]] = {
    "hot": ("-hotness", "id"),
    "new": ("-posted_at", "id"),
    "top": ("-vote_count", "-posted_at", "id"),
    "unanswered": ("-posted_at", "id"),
    "mine": ("-posted_at", "id"),
}
SORTS: tuple[str, ...] = tuple(_ORDERS)


def grouped_posts(product: Product | None = None) -> QuerySet[Post]:
    """Return the posts that take part in grouping, of one product or of all."""
    grouped = Post.objects.filter(state=Post.State.PUBLISHED, board__is_grouped=True)
    return grouped.filter(within(product, "board__product"))


def posts_visible_to(person: Person) -> QuerySet[Post]:
    """Return the posts that ``person`` may know of.

    Published ones; a hidden or withdrawn one only its author and the team.
    """
    if is_team(person):
        return Post.objects.all()
    published = Q(state=Post.State.PUBLISHED)
    if isinstance(person, User):
        return Post.objects.filter(published | Q(author=person))
    return Post.objects.filter(published)


def listing(
    sort: str = "hot",
    *,
    board: Board | None = None,
    product: Product | None = None,
    person: Person | None = None,
) -> QuerySet[Post]:
    """Return published posts in the order of ``sort``, on ``board`` or of ``product`` alone if one is given.

    "unanswered" keeps those without an official comment; "mine" those that ``person`` wrote, hidden ones too.
    Raises `KeyError` for an unknown sort.
    """
    order = _ORDERS[sort]
    if sort == "mine":
        if not isinstance(person, User):
            return Post.objects.none()
        posts = Post.objects.filter(author=person).exclude(state=Post.State.WITHDRAWN)
    else:
        posts = Post.objects.filter(state=Post.State.PUBLISHED)
    if sort == "unanswered":
        posts = posts.filter(is_answered=False)
    if board is not None:
        posts = posts.filter(board=board)
    return posts.filter(within(product, "board__product")).order_by(*order)


def posts_of(author: User, *, reader: Person) -> QuerySet[Post]:
    """Return what ``author`` wrote, as far as ``reader`` may see it, newest first."""
    posts = Post.objects.filter(author=author).order_by("-posted_at", "id")
    if author == reader:
        return posts.exclude(state=Post.State.WITHDRAWN)
    return posts.filter(state=Post.State.PUBLISHED)


def boards_with_counts(product: Product | None = None) -> QuerySet[Board]:
    """Return the boards that are open, product by product, in their order; each has its ``post_count``."""
    boards = Board.objects.filter(within(product), is_archived=False)
    return boards.order_by("product__position", "product", "position", "id")


def boards_open_to(person: Person, product: Product | None = None) -> QuerySet[Board]:
    """Return the boards, of one product or of all, that ``person`` may post on; a visitor sees those of a member."""
    boards = boards_with_counts(product)
    return boards if is_team(person) else boards.filter(team_posts_only=False)


def voted_ids(person: Person, posts: Iterable[Post]) -> set[int]:
    """Return the primary keys of those of ``posts`` that ``person`` wants."""
    if not isinstance(person, User):
        return set()
    pks = [post.pk for post in posts]
    if not pks:
        return set()
    return set(Vote.objects.filter(person=person, post__in=pks).values_list("post_id", flat=True))


def comments_of(post: Post, *, reader: Person) -> QuerySet[Comment]:
    """Return the comments under ``post`` that ``reader`` may see, oldest first, with their authors."""
    comments = Comment.objects.filter(post=post).select_related("author")
    if not is_team(reader):
        comments = comments.filter(is_internal=False, is_hidden=False)
    return comments.order_by("posted_at", "id")


def official_answer_to(post: Post) -> Comment | None:
    """Return the newest official comment that is shown, with its author."""
    return (
        Comment.objects.filter(post=post, is_official=True, is_hidden=False)
        .select_related("author")
        .order_by("posted_at", "id")
        .last()
    )
