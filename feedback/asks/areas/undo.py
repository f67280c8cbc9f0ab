"""Taking back what was decided about areas."""

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.asks.areas.counts import recount_areas
from feedback.asks.decisions.recording import record_undone, restore, undone_first
from feedback.asks.models import Area, Ask, Decision
from feedback.kernel import text
from feedback.kernel.refusals import Refusal

Kind = Decision.Kind

ABOUT_AREAS = (
    Kind.AREA_OPEN,
    Kind.AREA_NEW,
    Kind.AREA_NAME,
    Kind.AREA_JOIN,
    Kind.AREA_PUT,
    Kind.AREA_CLOSE,
)


def take_back(decision: Decision, *, actor: User, now: dt.datetime) -> Decision:
    """Put areas, and asks in them, back as they were before ``decision``. Call under `hold_grouping`.

    What only the machine has put somewhere since gives way. Raises `Refusal` when a later decision stands on
    this one.
    """
    _refuse_what_stands_on_it(decision)
    asks = list(map(int, decision.before.get("asks", {})))
    touched = _areas_of(decision)
    touched |= set(Ask.objects.filter(pk__in=asks).values_list("area", flat=True)) - {None}  # type: ignore[arg-type]
    restore(decision.before)
    if decision.kind == Kind.AREA_NEW:
        Ask.objects.filter(area=decision.area).update(area=None, area_source="")
    record_undone(decision, actor=actor, now=now)
    recount_areas(touched)
    return decision


def _areas_of(decision: Decision) -> set[int]:
    """Return every area that ``decision`` names, changed, or took an ask out of."""
    areas = {decision.area_id, decision.other_area_id}
    areas |= {fields.get("area_id") for fields in decision.before.get("asks", {}).values()}
    areas |= set(map(int, decision.before.get("areas", {})))
    return {area for area in areas if area is not None}


def _refuse_what_stands_on_it(decision: Decision) -> None:
    """Raise `Refusal` when a later decision is about the same side of the same asks or areas."""
    mine = _areas_of(decision)
    later = Decision.objects.filter(
        pk__gt=decision.pk, undone_at__isnull=True, kind__in=ABOUT_AREAS
    ).select_related("actor", "area", "ask")
    for one in later.order_by("-id"):
        ends = one.kind in (Kind.AREA_JOIN, Kind.AREA_CLOSE) and one.area_id in mine
        on_made = decision.kind == Kind.AREA_NEW and decision.area_id in _areas_of(one)
        if ends or on_made or _share_a_side(decision, one):
            raise undone_first(one)
    _refuse_a_name_given_again(decision)


def _share_a_side(one: Decision, other: Decision) -> bool:
    """Whether both changed the same field of the same ask or area."""
    for side in ("asks", "areas"):
        theirs = other.before.get(side, {})
        for pk, fields in one.before.get(side, {}).items():
            if set(fields) & set(theirs.get(pk, ())):
                return True
    return False


def _refuse_a_name_given_again(decision: Decision) -> None:
    """Raise `Refusal` when people call another area of the product by now what one that comes back was called."""
    back = {
        int(pk): fields
        for pk, fields in decision.before.get("areas", {}).items()
        if fields.get("state") != Area.State.RETIRED
    }
    areas = Area.objects.in_bulk(back)
    called = {
        text.fold(area.name): area.pk
        for area in Area.objects.filter(
            Q(state=Area.State.PUBLIC)
            | Q(state=Area.State.PROPOSED, name_source=Area.Source.PERSON),
            product__in={area.product_id for area in areas.values()},
        )
    }
    for pk, area in areas.items():
        name = back[pk].get("name", area.name)
        if called.get(text.fold(name), pk) != pk:
            raise Refusal(
                _("Another area is called “%(name)s” by now. Rename that one first.")
                % {"name": name}
            )
