"""Reading votes: who wants a post, and how much."""

from collections.abc import Collection
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet

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


def importance_of(post: Post) -> list[tuple[str, int]]:
    """Return how many people said how much ``post`` matters to them, the most pressing first."""
    said = Vote.objects.filter(post=post).exclude(importance="")
    counted = dict(said.order_by().values_list("importance").annotate(Count("pk")))
    return [(key, counted[key]) for key in _ORDER if key in counted]
