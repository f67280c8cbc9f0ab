"""Who may see which ask."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404

from feedback.accounts.models import User
from feedback.accounts.permissions import is_team
from feedback.asks.models import Area, Ask
from feedback.asks.models.asks import Asks


def asks_known_to(person: User | AnonymousUser) -> QuerySet[Ask]:
    """Return the asks that ``person`` may know of, those that were joined into another too."""
    if is_team(person):
        return Ask.objects.exclude(state=Ask.State.RETIRED)
    of_open = Ask.objects.filter(product__is_closed=False)
    return of_open.filter(~Asks.inside(), state__in=[Ask.State.PUBLIC, Ask.State.JOINED])


def areas_known_to(person: User | AnonymousUser) -> QuerySet[Area]:
    """Return the areas that ``person`` may know of, those that were joined into another too."""
    if is_team(person):
        return Area.objects.exclude(state=Area.State.RETIRED)
    of_open = Area.objects.filter(product__is_closed=False)
    return of_open.filter(state__in=[Area.State.PUBLIC, Area.State.JOINED])


def access_ask(person: User | AnonymousUser, public_id: str) -> Ask:
    """Return the ask for ``person``; raises `Http404` for one that is not public and not for them."""
    ask = (
        asks_known_to(person)
        .filter(public_id=public_id)
        .select_related("joined_into", "area", "product")
        .first()
    )
    if ask is None:
        raise Http404
    return ask


def access_area(person: User | AnonymousUser, public_id: str) -> Area:
    """Return the area for ``person``, following joins; raises `Http404` for one that is not public and not for them."""
    area = areas_known_to(person).filter(public_id=public_id).first()
    seen: set[int] = set()
    while area is not None and area.joined_into_id is not None and area.pk not in seen:
        seen.add(area.pk)
        area = Area.objects.filter(pk=area.joined_into_id).first()
    if area is None or not area.is_live or not (area.is_public or is_team(person)):
        raise Http404
    return area
