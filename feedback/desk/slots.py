"""The ways to the desk that stand on other rooms' pages, for those who may go there."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest
from django.urls import reverse

from feedback.accounts.models import Origin, User
from feedback.accounts.permissions import is_administrator, is_manager, is_team
from feedback.asks.models import Ask
from feedback.briefs.models import Brief
from feedback.forum.models import Comment, Post, Product
from feedback.honours.models import Honour
from feedback.notify.models import Endpoint


def desk_of_people(request: HttpRequest, people: Sequence[User]) -> Mapping[int, str]:
    """Fill "person-desk": where a member of the team decides about proposals."""
    return {person.pk: reverse("desk:inbox") for person in people if is_team(person)}


def desk_of_asks(request: HttpRequest, asks: Sequence[Ask]) -> Mapping[int, str]:
    """Fill "ask-desk": the page of each ask on the desk, for the team."""
    if not is_team(request.user):
        return {}
    return {ask.pk: reverse("desk:ask", args=[ask.public_id]) for ask in asks}


def boards_for_posts(request: HttpRequest, posts: Sequence[Post]) -> Mapping[int, str]:
    """Fill "post-move": where a manager moves each post to another board."""
    if not is_manager(request.user):
        return {}
    return {post.pk: reverse("desk:post-board", args=[post.public_id]) for post in posts}


def order_of_posts(request: HttpRequest, posts: Sequence[Post]) -> Mapping[int, str]:
    """Fill "post-order": where the team decides about each post."""
    return _order(request, "post", posts)


def order_of_comments(request: HttpRequest, comments: Sequence[Comment]) -> Mapping[int, str]:
    """Fill "comment-order": where the team decides about each comment."""
    return _order(request, "comment", comments)


def order_of_people(request: HttpRequest, people: Sequence[User]) -> Mapping[int, str]:
    """Fill "person-order": where the team decides about each person who signs in and is not of the team."""
    members = [one for one in people if one.origin == Origin.SIGNED_UP and not one.is_team]
    return _order(request, "person", members)


def branch_of_people(request: HttpRequest, people: Sequence[User]) -> Mapping[int, str]:
    """Fill "person-branch": where the team sees who came by each person."""
    if not is_team(request.user):
        return {}
    return {one.pk: reverse("desk:branch", args=[one.public_id]) for one in people}


def _order(
    request: HttpRequest, kind: str, things: Sequence[Post] | Sequence[Comment] | Sequence[User]
) -> Mapping[int, str]:
    if not is_team(request.user):
        return {}
    return {one.pk: reverse("desk:case-take-up", args=[kind, one.public_id]) for one in things}


def desk_of_posts(request: HttpRequest, posts: Sequence[Post]) -> Mapping[int, str]:
    """Fill "post-desk": where a manager puts each post into an ask by hand."""
    if not is_manager(request.user):
        return {}
    return {post.pk: reverse("desk:post-group", args=[post.public_id]) for post in posts}


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
