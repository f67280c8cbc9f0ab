"""Deciding about areas: that one is, what it is called, which asks are in it."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks.areas.counts import recount_areas
from feedback.asks.decisions.recording import record, refuse_two_products, snapshot
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Area, Ask, Decision
from feedback.asks.models.areas import NAME_LENGTH
from feedback.kernel import text, typed
from feedback.kernel.refusals import Refusal
from feedback.kernel.stale import refuse_stale

_PLACE = frozenset({"area_id", "area_source"})


def _fresh(areas: Collection[Area]) -> list[Area]:
    """Return ``areas`` as the database has them now; raises `Refusal` when one is no longer live."""
    found = list(Area.objects.filter(pk__in=[area.pk for area in areas]).order_by("id"))
    for area in found:
        if not area.is_live:
            raise Refusal(
                _("“%(name)s” is no longer an area: it was joined or dissolved.")
                % {"name": area.name}
            )
    refuse_two_products(area.product_id for area in found)
    return found


def _asks_in(areas: Collection[Area]) -> list[Ask]:
    return list(Ask.objects.open().filter(area__in=areas).order_by("id"))


def _named(name: str, *, product_id: int, but: Area | None = None) -> str:
    """Return ``name`` tidied; raises `Refusal` when it is empty, too long or another area's of the product."""
    name = typed.line(name, most=NAME_LENGTH)
    if not name:
        raise Refusal(_("Give the area a name: a word or two that everyone will know."))
    live = Area.objects.open().filter(product=product_id)
    for other in live.exclude(pk=but.pk) if but is not None else live:
        if text.fold(other.name) == text.fold(name):
            raise Refusal(
                _(
                    "There is an area called “%(name)s” already. Join the two, or choose another name."
                )
                % {"name": other.name}
            )
    return name


def _put(asks: Collection[Ask], area: Area | None) -> set[int]:
    """Write on a person's word where ``asks`` belong; return the areas that are touched."""
    touched = {ask.area_id for ask in asks if ask.area_id is not None}
    Ask.objects.filter(pk__in=[ask.pk for ask in asks]).update(
        area=area, area_source=Ask.Source.PERSON
    )
    return touched | ({area.pk} if area is not None else set())


@by_manager
@transaction.atomic
def confirm_areas(*, areas: Collection[Area], actor: User, now: dt.datetime) -> Decision:
    """Confirm ``areas`` with the asks that are in them: they are public, and no run takes an ask out of them.

    In an area that is public already it confirms the asks that the machine has added since. One decision for
    all. Raises `Refusal` when there is nothing to confirm.
    """
    hold_grouping()
    areas = _fresh(areas)
    asks = [ask for ask in _asks_in(areas) if ask.area_source != Ask.Source.PERSON]
    opening = [area for area in areas if not area.is_public]
    if not opening and not asks:
        raise Refusal(_("There is nothing left to confirm here."))
    before = snapshot(
        asks={ask: {"area_source"} for ask in asks},
        post_ids=[],
        areas={area: {"state", "confirmed_at"} for area in opening},
    )
    Area.objects.filter(pk__in=[area.pk for area in opening]).update(
        state=Area.State.PUBLIC, confirmed_at=now
    )
    Ask.objects.filter(pk__in=[ask.pk for ask in asks]).update(area_source=Ask.Source.PERSON)
    decision = record(
        kind=Decision.Kind.AREA_OPEN,
        area=(opening or areas)[0],
        actor=actor,
        now=now,
        before=before,
        data={"areas": [area.public_id for area in areas], "asks": len(asks)},
    )
    recount_areas(area.pk for area in areas)
    return decision


@by_manager
@transaction.atomic
def name_area(
    *, area: Area, name: str, actor: User, now: dt.datetime, seen: str | None = None
) -> Decision:
    """Give ``area`` a name of the team's own; no run changes it or takes it away. Raises `Refusal`.

    ``seen`` is the mark of the name that the actor began with: raises `StaleEdit` where it is another now.
    """
    hold_grouping()
    (area,) = _fresh([area])
    refuse_stale({"name": area.name}, seen=seen)
    name = _named(name, product_id=area.product_id, but=area)
    before = snapshot(asks={}, post_ids=[], areas={area: {"name", "name_source"}})
    old = area.name
    area.name, area.name_source = name, Area.Source.PERSON
    area.save(update_fields=["name", "name_source"])
    return record(
        kind=Decision.Kind.AREA_NAME,
        area=area,
        actor=actor,
        now=now,
        before=before,
        data={"from": old},
    )


@by_manager
@transaction.atomic
def join_areas(*, area: Area, into: Area, actor: User, now: dt.datetime) -> Decision:
    """Join ``area`` into ``into``: its asks move there for good, and its link leads there.

    What was public stays so: joined into a proposed area, it confirms that one. Raises `Refusal`.
    """
    hold_grouping()
    if area.pk == into.pk:
        raise Refusal(_("That is the same area. Choose another one to join."))
    found = {one.pk: one for one in _fresh([area, into])}
    area, into = found[area.pk], found[into.pk]
    asks = _asks_in([area])
    opens = area.is_public and not into.is_public
    before = snapshot(
        asks=dict.fromkeys(asks, _PLACE),
        post_ids=[],
        areas={area: {"state", "joined_into_id"}}
        | ({into: {"state", "confirmed_at"}} if opens else {}),
    )
    _put(asks, into)
    Area.objects.filter(pk=area.pk).update(state=Area.State.JOINED, joined_into=into)
    if opens:
        Area.objects.filter(pk=into.pk).update(state=Area.State.PUBLIC, confirmed_at=now)
    decision = record(
        kind=Decision.Kind.AREA_JOIN,
        area=area,
        other_area=into,
        actor=actor,
        now=now,
        before=before,
        data={"into": into.public_id, "into_name": into.name, "asks": len(asks)},
    )
    recount_areas([area.pk, into.pk])
    return decision


@by_manager
@transaction.atomic
def make_area(*, name: str, asks: Collection[Ask], actor: User, now: dt.datetime) -> Decision:
    """Make a public area of ``asks``, whatever areas they are in now. Raises `Refusal`."""
    hold_grouping()
    asks = _live(asks)
    name = _named(name, product_id=asks[0].product_id)
    area = Area.objects.create(
        product_id=asks[0].product_id,
        name=name,
        name_source=Area.Source.PERSON,
        state=Area.State.PUBLIC,
        created_at=now,
        confirmed_at=now,
    )
    before = snapshot(asks=dict.fromkeys(asks, _PLACE), post_ids=[], areas={})
    # What undoing restores of an area that was not there: nothing holds it any more.
    before["areas"][str(area.pk)] = {"state": Area.State.RETIRED}
    touched = _put(asks, area)
    decision = record(
        kind=Decision.Kind.AREA_NEW,
        area=area,
        actor=actor,
        now=now,
        before=before,
        data={"asks": [ask.public_id for ask in asks]},
    )
    recount_areas(touched)
    return decision


@by_manager
@transaction.atomic
def put_asks(
    *, asks: Collection[Ask], area: Area | None, actor: User, now: dt.datetime
) -> Decision:
    """Put ``asks`` into ``area``, or say that they belong to none; no run says otherwise. Raises `Refusal`."""
    hold_grouping()
    asks = _live(asks)
    target = _fresh([area])[0] if area is not None else None
    if target is not None:
        refuse_two_products([asks[0].product_id, target.product_id])
    origins = {ask.area_id: ask.area for ask in asks if ask.area is not None}
    before = snapshot(asks=dict.fromkeys(asks, _PLACE), post_ids=[], areas={})
    touched = _put(asks, target)
    decision = record(
        kind=Decision.Kind.AREA_PUT,
        ask=asks[0],
        area=target,
        other_area=next(iter(origins.values())) if len(origins) == 1 else None,
        actor=actor,
        now=now,
        before=before,
        data={
            "asks": [ask.public_id for ask in asks],
            "area": target.public_id if target else None,
            "area_name": target.name if target else None,
        },
    )
    recount_areas(touched)
    return decision


@by_manager
@transaction.atomic
def close_area(*, area: Area, actor: User, now: dt.datetime) -> Decision:
    """Dissolve ``area``: its asks stand without one, and no run finds the same area again. Raises `Refusal`."""
    hold_grouping()
    (area,) = _fresh([area])
    asks = _asks_in([area])
    before = snapshot(asks=dict.fromkeys(asks, _PLACE), post_ids=[], areas={area: {"state"}})
    Ask.objects.filter(area=area).update(area=None, area_source="")
    Area.objects.filter(pk=area.pk).update(state=Area.State.RETIRED)
    decision = record(
        kind=Decision.Kind.AREA_CLOSE,
        area=area,
        actor=actor,
        now=now,
        before=before,
        data={"asks": len(asks)},
    )
    recount_areas([area.pk])
    return decision


def _live(asks: Collection[Ask]) -> list[Ask]:
    """Return ``asks`` as the database has them now; raises `Refusal` when none is left."""
    found = list(
        Ask.objects.open()
        .filter(pk__in=[ask.pk for ask in asks])
        .select_related("area")
        .order_by("id")
    )
    if not found:
        raise Refusal(_("Tick one ask or more first."))
    refuse_two_products(ask.product_id for ask in found)
    return found
