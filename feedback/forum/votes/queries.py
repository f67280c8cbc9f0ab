"""Reading votes: who wants a post, and how much."""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from feedback.accounts.models import NAMED_IN_CREDITS, Origin, User
from feedback.forum.models import Importance, Post, Vote, VoteForCustomer

#: Names on a page.
_NAMES = 50
#: The most pressing first.
_ORDER = tuple(reversed(Importance.values))


@dataclass(frozen=True)
class Voters:
    """Who wants a post, as one reader may see it: a page of votes with names, how many ``others`` are counted alone.

    Of those ``for_customers`` were brought in by the team; ``entered`` are these rows, for the team.
    """

    page: "Page[Vote]"
    others: int
    for_customers: int
    entered: Collection[VoteForCustomer]


def voters_of(post: Post, *, for_team: bool, page: str | None = None) -> Voters:
    """Return who wants ``post``: named are members who may be, everybody else is a number.

    Imported authors have not been asked, and a member who is thanked without their name is not named here either, but to the
    team.
    """
    votes = Vote.objects.filter(post=post)
    members = User.objects.filter(origin=Origin.SIGNED_UP, is_active=True)
    if not for_team:
        members = members.filter(NAMED_IN_CREDITS)
    entered = VoteForCustomer.objects.filter(vote__post=post)
    named = votes.filter(person__in=members, for_customer=None).select_related("person")
    number = votes.count()
    shown = Paginator(named.order_by("-voted_at", "-pk"), _NAMES).get_page(page)
    return Voters(
        page=shown,
        others=number - shown.paginator.count,
        for_customers=entered.count(),
        entered=_newest(entered) if for_team else (),
    )


def _newest(entered: QuerySet[VoteForCustomer]) -> list[VoteForCustomer]:
    return list(entered.select_related("vote__person", "entered_by").order_by("-pk")[:200])


@dataclass(frozen=True)
class Weights:
    """How many people said how much a post matters, the most pressing first; what the reader said, None without a vote."""

    said: list[tuple[str, int]]
    own: str | None


def weights_of(post: Post, reader: "User | AnonymousUser") -> Weights:
    """Return how much ``post`` matters to those who want it; one query."""
    is_own = Count("pk", filter=Q(person=reader.pk))
    rows = Vote.objects.filter(post=post).order_by().values("importance")
    counted = {
        one["importance"]: (one["number"], one["own"])
        for one in rows.annotate(number=Count("pk"), own=is_own)
    }
    return Weights(
        said=[(key, counted[key][0]) for key in _ORDER if key in counted],
        own=next((key for key, (_number, own) in counted.items() if own), None),
    )
