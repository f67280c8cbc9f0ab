"""The table of asks as an address wants it: its rows, and what may be chosen."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from feedback.accounts.permissions import member_of
from feedback.accounts.segments.queries import segments
from feedback.asks.areas.queries import live_areas
from feedback.asks.models import Ask, Membership
from feedback.asks.stages import Stage
from feedback.asks.table import queries, saved
from feedback.asks.table.wanted import ME, NONE, Wanted
from feedback.asks.team.owning import possible_owners
from feedback.desk.product import picked
from feedback.forum.models import Board, Product
from feedback.grouping.similar.similar import rank
from feedback.kernel import clock
from feedback.roadmap.promises.asks import promised_asks

#: Posts like the words, by whose asks the table is read.
NEAR = 200


@dataclass(frozen=True)
class Table:
    """The table that an address names: what it wants, whose product, its asks in order and, by state, how many there are."""

    wanted: Wanted
    product: Product
    asks: QuerySet[Ask]
    late: frozenset[int]
    promised: frozenset[int]


def table_of(request: HttpRequest) -> Table:
    """Return the table that the query of ``request`` names."""
    product, now = picked(request), clock.now()
    wanted = Wanted.read(request.GET.dict())
    on_roadmap = promised_asks(product, today=now.date())
    near = nearest(wanted.q, product) if wanted.near and wanted.q else None
    asks = queries.rows(
        product,
        wanted,
        reader=member_of(request),
        now=now,
        near=near,
        promised=on_roadmap.promised,
        late=on_roadmap.late,
    )
    return Table(wanted, product, asks, frozenset(on_roadmap.late), frozenset(on_roadmap.promised))


def nearest(words: str, product: Product) -> list[int]:
    """Return the ids of the asks whose posts are like ``words``, those of the nearest post first."""
    ranked, _compared = rank(words, count=NEAR, product=product)
    asks = dict(
        Membership.objects.filter(post__in=[pk for pk, _ in ranked]).values_list("post", "ask")
    )
    return list(dict.fromkeys(asks[pk] for pk, _ in ranked if pk in asks))


def choices(product: Product) -> dict[str, Any]:
    """Return what the filters offer."""
    return {
        "areas": list(live_areas(product)),
        "boards": Board.objects.filter(product=product, is_archived=False).order_by("position"),
        "owners": possible_owners(),
        "segments": segments(),
        "versions": queries.versions(product),
        "stages": Stage.choices,
        "none": NONE,
        "me": ME,
    }


def built_in() -> list[tuple[str, Wanted]]:
    """Return the views that everybody has."""
    plain = Wanted()
    return [
        (_("Everything"), plain),
        (_("Unanswered"), plain.but(answered="no")),
        (pgettext("how important it is", "Critical"), plain.but(sort="-critical")),
        (_("More than the week before"), plain.but(growing="yes", sort="-growth")),
        (pgettext("of a promise", "Promised and late"), plain.but(promised="late")),
        (_("Without an owner"), plain.but(owner=NONE)),
        (_("Mine"), plain.but(owner=ME)),
    ]


def views_shown(request: HttpRequest, table: Table) -> dict[str, Any]:
    """Return the views to choose from, each as (url, label, is here), and the saved one that is open."""
    person, here = member_of(request), table.wanted.query
    kept = list(saved.views_of(person, table.product))
    opened = next((view for view in kept if view.query == here), None)
    mine = [view for view in kept if view.owner_id == person.pk]
    team = [view for view in kept if view.owner_id != person.pk]
    return {
        "built_in": [(f"?{one.query}", name, one.query == here) for name, one in built_in()],
        "mine": [(f"?{view.query}", view.name, view == opened) for view in mine],
        "team": [(f"?{view.query}", view.name, view == opened) for view in team],
        "opened": opened,
        "may_change_view": opened is not None
        and (opened.owner_id == person.pk or person.is_manager),
        "may_keep_views": person.is_moderator or person.is_part_manager,
    }
