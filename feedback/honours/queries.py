"""Who has which honour, and who stands on the board of honour."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from feedback.accounts.models import NAMED_IN_CREDITS, User
from feedback.honours.models import Holder, Honour

#: Who has an honour now.
_HELD = Q(taken_at=None, person__is_active=True)


def holders_of(honour: Honour) -> QuerySet[Holder]:
    """Return who has ``honour``, who was given it last first."""
    held = Holder.objects.filter(_HELD, honour=honour)
    return held.select_related("person", "given_by").order_by("-given_at", "-pk")


def honours_with_numbers() -> QuerySet[Honour]:
    """Return every honour with how many have it, as ``holder_count``; those that are still given first."""
    held = Q(holders__taken_at=None, holders__person__is_active=True)
    counted = Honour.objects.annotate(holder_count=Count("holders", filter=held))
    return counted.order_by("is_retired", "pk")


def honours_of(people: Collection[User]) -> dict[int, list[Holder]]:
    """Return by person the honours that they have, the latest first."""
    held = Holder.objects.filter(_HELD, person__in=people).select_related("honour")
    found: dict[int, list[Holder]] = defaultdict(list)
    for one in held.order_by("-given_at", "-pk"):
        found[one.person_id].append(one)
    return found


def on_the_board() -> QuerySet[User]:
    """Return who has an honour or asked for what shipped, and is thanked by name; by what came of what they did."""
    has_honour = Exists(Holder.objects.filter(person=OuterRef("pk"), taken_at=None))
    named = User.objects.filter(NAMED_IN_CREDITS, is_active=True, origin="SIGNED_UP")
    named = named.exclude(display_name="")
    people = named.filter(Q(has_honour) | Q(standing__counts__shipped__gt=0))
    of_all = Coalesce(F("standing__total"), 0)
    return people.select_related("standing").order_by(of_all.desc(), "pk")
