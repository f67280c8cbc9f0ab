"""The rows of the table of asks."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OrderBy,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from feedback.accounts.models import User
from feedback.accounts.segments.queries import people_of, segments
from feedback.asks.areas.queries import live_areas
from feedback.asks.models import Ask, Membership
from feedback.asks.queries import listing
from feedback.asks.stages import Stage
from feedback.asks.table.wanted import ME, NONE, Wanted
from feedback.forum.models import Post, Product

WEEK = dt.timedelta(days=7)
_STATES = {
    "public": Ask.State.PUBLIC,
    "proposed": Ask.State.PROPOSED,
    "dismissed": Ask.State.DISMISSED,
}
#: The columns that are sorted by a column of the database.
_COLUMNS = {
    "people": ("people_count",),
    "critical": ("critical_count", "important_count", "people_count"),
    "title": ("title",),
    "answered": ("answered_at",),
    "age": ("created_at",),
    "fresh": ("last_post_at",),
    "owner": ("owner__display_name",),
}


def rows(
    product: Product,
    wanted: Wanted,
    *,
    reader: User,
    now: dt.datetime,
    near: Sequence[int] | None = None,
    promised: Collection[int] = (),
    late: Collection[int] = (),
) -> QuerySet[Ask]:
    """Return the asks of ``product`` that ``wanted`` names, in its order.

    ``near`` are the asks like its words, nearest first, where it wants those; ``promised`` and ``late`` are what the
    roadmap says of asks. All are ids.
    """
    asks = filtered(product, wanted, reader=reader, now=now, promised=promised, late=late)
    if near is not None:
        place = Case(*(When(pk=pk, then=Value(at)) for at, pk in enumerate(near)), default=0)
        asks = asks.filter(pk__in=near)
        return asks.order_by(place, "id") if near else asks
    return asks.filter(state=_STATES[wanted.state]).order_by(*_order(wanted, now), "id")


def numbers(asks: QuerySet[Ask]) -> dict[str, int]:
    """Return how many of ``asks`` are in each state of the table; one query."""
    counted = asks.order_by().aggregate(
        **{key: Count("pk", filter=Q(state=state)) for key, state in _STATES.items()}
    )
    return {key: counted[key] for key in _STATES}


def filtered(
    product: Product,
    wanted: Wanted,
    *,
    reader: User,
    now: dt.datetime,
    promised: Collection[int] = (),
    late: Collection[int] = (),
) -> QuerySet[Ask]:
    """Return the asks of ``product`` that pass the filters, whatever their state, in no order."""
    asks: QuerySet[Ask] = Ask.objects.filter(product=product, state__in=list(_STATES.values()))
    if wanted.q and not wanted.near:
        asks = listing(asks, words=wanted.q).order_by()
    if wanted.stage:
        asks = asks.filter(stage=wanted.stage)
    if wanted.answered:
        asks = asks.filter(answered_at__isnull=wanted.answered == "no")
    if wanted.people:
        asks = asks.filter(people_count__gte=int(wanted.people))
    if wanted.younger:
        asks = asks.filter(created_at__gte=now - dt.timedelta(days=int(wanted.younger)))
    if wanted.older:
        asks = asks.filter(created_at__lt=now - dt.timedelta(days=int(wanted.older)))
    if wanted.promised:
        asks = asks.filter(pk__in=late if wanted.promised == "late" else promised)
    if wanted.growing:
        asks = asks.annotate(growth=growth(now)).filter(last_post_at__gt=now - WEEK, growth__gt=0)
    if wanted.segment:
        asks = _wanted_by(asks, wanted.segment)
    asks = _owned(asks, wanted.owner, reader=reader)
    return _said(_in_area(asks, wanted.area, product), wanted)


def _owned(asks: QuerySet[Ask], owner: str, *, reader: User) -> QuerySet[Ask]:
    if owner == NONE:
        return asks.filter(owner=None)
    if owner == ME:
        return asks.filter(owner=reader)
    return asks.filter(owner__public_id=owner) if owner else asks


def _in_area(asks: QuerySet[Ask], area: str, product: Product) -> QuerySet[Ask]:
    if area == NONE:
        return asks.exclude(area__in=live_areas(product))
    return asks.filter(area__public_id=area) if area else asks


def _wanted_by(asks: QuerySet[Ask], public_id: str) -> QuerySet[Ask]:
    """Return the asks that somebody of the segment wrote or voted for; of a segment that is gone, none."""
    segment = segments().filter(public_id=public_id).first()
    if segment is None:
        return asks.none()
    people = people_of(segment).order_by().values("pk")
    here = Membership.objects.filter(ask=OuterRef("pk"), post__state=Post.State.PUBLISHED)
    wrote = here.filter(post__author__in=people)
    voted = here.filter(post__votes__person__in=people)
    return asks.filter(Exists(wrote) | Exists(voted))


def _said(asks: QuerySet[Ask], wanted: Wanted) -> QuerySet[Ask]:
    """Return the asks that have one published post of the board, the language and the version that are wanted."""
    of_post = {
        "post__board__slug": wanted.board,
        "post__language": wanted.language,
        "post__product_version": wanted.version,
    }
    said = {name: it for name, it in of_post.items() if it}
    if not said:
        return asks
    posts = Membership.objects.filter(ask=OuterRef("pk"), post__state=Post.State.PUBLISHED, **said)
    return asks.filter(Exists(posts))


def growth(now: dt.datetime) -> Case:
    """Return by how many posts an ask has more in the last week than in the week before; read only where it had any in both."""
    this, before = Q(post__posted_at__gt=now - WEEK), Q(post__posted_at__lte=now - WEEK)
    grown = (
        Membership.objects.filter(
            ask=OuterRef("pk"),
            post__state=Post.State.PUBLISHED,
            post__posted_at__gt=now - 2 * WEEK,
            post__posted_at__lte=now,
        )
        .order_by()
        .values("ask")
        .annotate(n=Count("pk", filter=this) - Count("pk", filter=before))
        .values("n")
    )
    return Case(
        When(last_post_at__gt=now - 2 * WEEK, then=Coalesce(Subquery(grown), 0)),
        default=0,
        output_field=IntegerField(),
    )


def _order(wanted: Wanted, now: dt.datetime) -> list[OrderBy | str]:
    names: list[Any]
    if wanted.by == "growth":
        names = [growth(now), F("people_count")]
    elif wanted.by == "stage":
        places = (When(stage=stage, then=Value(at)) for at, stage in enumerate(Stage.values))
        names = [Case(*places, default=0), F("people_count")]
    else:
        names = [F(name) for name in _COLUMNS[wanted.by]]
    if wanted.goes_down:
        return [name.desc(nulls_last=True) for name in names]
    return [name.asc(nulls_last=True) for name in names]


def attach_growth(asks: Iterable[Ask], *, now: dt.datetime) -> None:
    """Set ``week`` of each ask to its posts of the last seven days, ``grown`` to that less the week before; one query."""
    asks = list(asks)
    counted = {
        row["ask"]: row
        for row in Membership.objects.filter(
            ask__in=asks,
            post__state=Post.State.PUBLISHED,
            post__posted_at__gt=now - 2 * WEEK,
            post__posted_at__lte=now,
        )
        .order_by()
        .values("ask")
        .annotate(all=Count("pk"), week=Count("pk", filter=Q(post__posted_at__gt=now - WEEK)))
    }
    for ask in asks:
        row = counted.get(ask.pk, {"all": 0, "week": 0})
        ask.week = row["week"]
        ask.grown = 2 * row["week"] - row["all"]


def versions(product: Product, *, limit: int = 12) -> list[str]:
    """Return the versions that most posts in asks of ``product`` name, most first."""
    named = (
        Post.objects.filter(board__product=product, state=Post.State.PUBLISHED)
        .exclude(product_version="")
        .order_by()
        .values_list("product_version")
        .annotate(count=Count("pk"))
        .order_by("-count", "-product_version")
    )
    return [version for version, _ in named[:limit]]
