"""What came since the reader was last here."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from feedback.accounts.models import User
from feedback.accounts.visits import last_visit
from feedback.asks.models import OPEN, Ask, Membership, Proposal
from feedback.forum.models import Post, Product
from feedback.forum.queries import grouped_posts

A_WEEK = dt.timedelta(days=7)


def _new_to(person: User, *, now: dt.datetime, of: str = "") -> dict[str, dt.datetime]:
    """Return the condition that a post, found by the path ``of``, is new to ``person``: it came after their last visit.

    For whoever is here for the first time what was written in the last week is new, and not all that was imported in it.
    """
    last = last_visit(person)
    if last is not None:
        return {f"{of}arrived_at__gt": last}
    return {f"{of}posted_at__gt": now - A_WEEK}


def new_posts_in(asks: Iterable[int], person: User, *, now: dt.datetime) -> dict[int, int]:
    """Return how many posts of each of ``asks`` (ids) that has any are new to ``person``; one query."""
    held = Membership.objects.filter(ask__in=list(asks), post__state=Post.State.PUBLISHED)
    new = held.filter(**_new_to(person, now=now, of="post__")).order_by()
    return dict(new.values_list("ask").annotate(number=Count("pk")))


def since_you_were_here(
    person: User, product: Product, *, now: dt.datetime
) -> dict[str, Any] | None:
    """Return what became of the posts that are new to the reader; None when nothing came.

    It says the same for as long as this visit lasts. Whoever is here for the first time is told of the last week.
    """
    last = last_visit(person)
    since = last or now - A_WEEK
    is_held = Q(membership__ask__state__in=OPEN)
    is_joined = is_held & Q(membership__ask__created_at__lte=since)
    counts = (
        grouped_posts(product)
        .filter(**_new_to(person, now=now))
        .aggregate(
            posts=Count("pk"),
            held=Count("pk", filter=is_held),
            joined=Count("pk", filter=is_joined),
            joined_asks=Count("membership__ask", filter=is_joined, distinct=True),
        )
    )
    if not counts["posts"]:
        return None
    return {
        "at": last,
        "posts": counts["posts"],
        "asks": Ask.objects.open().filter(product=product, created_at__gt=since).count(),
        "joined": counts["joined"],
        "joined_asks": counts["joined_asks"],
        "alone": counts["posts"] - counts["held"],
        "contested": _came(product, Proposal.Kind.CONTEST, since),
        "came_back": _came(product, Proposal.Kind.REGRESSION, since),
    }


def _came(product: Product, kind: str, since: dt.datetime) -> int:
    """Return how many proposals of ``kind`` came since and wait."""
    waits = Proposal.objects.filter(ask__product=product, state=Proposal.State.OPEN, kind=kind)
    return waits.filter(proposed_at__gt=since).count()


def decided_this_week(product: Product, *, now: dt.datetime) -> dict[str, int]:
    """Return of the proposals decided about since Monday or waiting still: how many are decided, and how many there are."""
    today = timezone.localdate(now)
    first = dt.datetime.combine(today - dt.timedelta(days=today.weekday()), dt.time.min)
    monday = timezone.make_aware(first)
    of_product = Proposal.objects.filter(ask__product=product)
    done = of_product.filter(
        state__in=[Proposal.State.ACCEPTED, Proposal.State.DISMISSED], decided_at__gte=monday
    ).count()
    left = of_product.filter(state=Proposal.State.OPEN).exclude(later_until__gt=now).count()
    return {"done": done, "total": done + left}
