"""Who is behind an ask: people, not clicks."""

from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from feedback.accounts.models import User
from feedback.asks.models import Ask, Membership
from feedback.forum.models import Post, VoteForCustomer


def _with_joined(ask_ids: Collection[int]) -> set[int]:
    """Return these asks and those they were joined into: the posts have moved on there."""
    found = set(ask_ids)
    rest = set(ask_ids)
    while rest:
        rest = {
            pk
            for pk in Ask.objects.filter(pk__in=rest, joined_into__isnull=False).values_list(
                "joined_into", flat=True
            )
            if pk is not None and pk not in found
        }
        found |= rest
    return found


def people_behind(ask_ids: Collection[int]) -> QuerySet[User]:
    """Return the authors and voters of the asks' published posts, once each."""
    posts = Post.objects.filter(
        membership__ask__in=_with_joined(ask_ids), state=Post.State.PUBLISHED
    )
    return User.objects.filter(
        Q(pk__in=posts.values("author")) | Q(pk__in=posts.values("votes__person"))
    )


def wanted_by(person: User | AnonymousUser, asks: Collection[Ask]) -> set[int]:
    """Return which of ``asks`` have ``person`` behind them, by a post or a vote; none for a visitor."""
    if not isinstance(person, User):
        return set()
    own = Q(post__author=person) | Q(post__votes__person=person)
    published = Membership.objects.filter(ask__in=asks, post__state=Post.State.PUBLISHED)
    return set(published.filter(own).values_list("ask", flat=True))


def post_wanted_in(ask: Ask, person: User) -> Post | None:
    """Return the post of ``ask`` on which ``person`` voted last, where they may say how important it is."""
    posts = Post.objects.filter(membership__ask=ask, state=Post.State.PUBLISHED)
    wanted = posts.filter(votes__person=person, board__is_archived=False)
    return wanted.order_by("-votes__voted_at", "-pk").first()


def customers_behind(ask: Ask) -> int:
    """Return for how many customers the team voted on posts of ``ask``, once each."""
    entered = VoteForCustomer.objects.filter(
        vote__post__membership__ask=ask, vote__post__state=Post.State.PUBLISHED
    )
    return entered.values("vote__person").distinct().count()


def authors_and_voters(ask: Ask) -> tuple[int, int]:
    """Return how many people wrote a post of ``ask``, and how many did not and want it too."""
    posts = Post.objects.filter(membership__ask=ask, state=Post.State.PUBLISHED)
    authors = posts.values("author").distinct().count()
    return authors, people_behind([ask.pk]).count() - authors


def people_of_posts(public_ids: Collection[str]) -> int:
    """Return how many people wrote or voted for these posts, once each."""
    posts = Post.objects.filter(public_id__in=public_ids, state=Post.State.PUBLISHED)
    return User.objects.filter(
        Q(pk__in=posts.values("author")) | Q(pk__in=posts.values("votes__person"))
    ).count()
