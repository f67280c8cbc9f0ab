"""The ways to the desk that stand on other rooms' pages, for those who may go there."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest
from django.urls import reverse

from feedback.accounts.models import Origin, User
from feedback.accounts.permissions import is_administrator, is_manager, is_moderator, is_team
from feedback.asks.models import Ask
from feedback.briefs.models import Brief
from feedback.forum.models import Board, Comment, Post, Product
from feedback.forum.rights.reading import Person, boards_kept_by, reach_of
from feedback.honours.models import Honour
from feedback.notify.models import Endpoint


def desk_of_people(request: HttpRequest, people: Sequence[User]) -> Mapping[int, str]:
    """Fill "person-desk": where a member of the team decides about proposals."""
    return {person.pk: reverse("desk:inbox") for person in people if is_team(person)}


def queue_of_moderator(request: HttpRequest) -> str:
    """Return where who keeps order on some boards, and is not of the team, decides; "" for everybody else."""
    person = request.user
    keeps = isinstance(person, User) and person.is_part_moderator and not person.is_team
    return reverse("desk:moderation") if keeps else ""


def queue_of_products(_request: HttpRequest, products: Sequence[Product]) -> Mapping[int, str]:
    """Fill "case-queue": where what is held, reported or appealed of each product is decided."""
    return {product.pk: reverse("desk:moderation") for product in products}


def desk_of_asks(request: HttpRequest, asks: Sequence[Ask]) -> Mapping[int, str]:
    """Fill "ask-desk": the page of each ask on the desk, for the team."""
    if not is_team(request.user):
        return {}
    return {ask.pk: reverse("desk:ask", args=[ask.public_id]) for ask in asks}


def boards_for_posts(request: HttpRequest, posts: Sequence[Post]) -> Mapping[int, str]:
    """Fill "post-move": where a manager moves each post to another board."""
    theirs = _of_own_products(request.user, posts)
    return {post.pk: reverse("desk:post-board", args=[post.public_id]) for post in theirs}


def order_of_posts(request: HttpRequest, posts: Sequence[Post]) -> Mapping[int, str]:
    """Fill "post-order": where the team decides about each post."""
    theirs = _in_order_by(request.user, {post.pk for post in posts})
    return _order("post", [post for post in posts if post.pk in theirs])


def order_of_comments(request: HttpRequest, comments: Sequence[Comment]) -> Mapping[int, str]:
    """Fill "comment-order": where the team decides about each comment."""
    theirs = _in_order_by(request.user, {comment.post_id for comment in comments})
    return _order("comment", [comment for comment in comments if comment.post_id in theirs])


def order_of_people(request: HttpRequest, people: Sequence[User]) -> Mapping[int, str]:
    """Fill "person-order": where the team decides about each person who signs in and is not of the team."""
    if not is_moderator(request.user):
        return {}
    members = [one for one in people if one.origin == Origin.SIGNED_UP and not one.has_duties]
    return _order("person", members)


def branch_of_people(request: HttpRequest, people: Sequence[User]) -> Mapping[int, str]:
    """Fill "person-branch": where the team sees who came by each person."""
    if not is_team(request.user):
        return {}
    return {one.pk: reverse("desk:branch", args=[one.public_id]) for one in people}


def _of_own_products(person: Person, posts: Sequence[Post]) -> list[Post]:
    """Return those of ``posts`` about whose product ``person`` decides."""
    if is_manager(person):
        return list(posts)
    managed = reach_of(person).managed
    boards = Board.objects.filter(product__in=managed).values_list("pk", flat=True)
    theirs = set(boards) if managed else set()
    return [post for post in posts if post.board_id in theirs]


def _in_order_by(person: Person, posts: set[int]) -> set[int]:
    """Return those of ``posts`` on whose board ``person`` keeps order."""
    if is_moderator(person):
        return posts
    if not isinstance(person, User) or not person.is_part_moderator:
        return set()
    kept = Board.objects.filter(boards_kept_by(person)).values("pk")
    return set(Post.objects.filter(pk__in=posts, board__in=kept).values_list("pk", flat=True))


def _order(
    kind: str, things: Sequence[Post] | Sequence[Comment] | Sequence[User]
) -> Mapping[int, str]:
    return {one.pk: reverse("desk:case-take-up", args=[kind, one.public_id]) for one in things}


def desk_of_posts(request: HttpRequest, posts: Sequence[Post]) -> Mapping[int, str]:
    """Fill "post-desk": where a manager puts each post into an ask by hand."""
    theirs = _of_own_products(request.user, posts)
    return {post.pk: reverse("desk:post-group", args=[post.public_id]) for post in theirs}


def removal_of_samples(request: HttpRequest, products: Sequence[Product]) -> Mapping[int, str]:
    """Fill "sample-removal": where an administrator takes each sample away."""
    if not is_administrator(request.user):
        return {}
    return {one.pk: reverse("desk:sample-remove", args=[one.slug]) for one in products}


def desk_of_honours(request: HttpRequest, honours: Sequence[Honour]) -> Mapping[int, str]:
    """Fill "honour-desk": where a manager gives each honour."""
    if not is_manager(request.user):
        return {}
    return {one.pk: reverse("desk:honour", args=[one.public_id]) for one in honours}


def desk_of_webhooks(request: HttpRequest, endpoints: Sequence[Endpoint]) -> Mapping[int, str]:
    """Fill "webhook-desk": the page of each webhook, for managers."""
    if not is_manager(request.user):
        return {}
    return {one.pk: reverse("desk:webhook", args=[one.public_id]) for one in endpoints}


def desk_of_briefs(request: HttpRequest, briefs: Sequence[Brief]) -> Mapping[int, str]:
    """Fill "brief-desk": where the team edits each brief."""
    if not is_team(request.user):
        return {}
    return {one.pk: reverse("desk:brief", args=[one.public_id]) for one in briefs}
