"""Reading what became of what."""

from collections.abc import Sequence

from django.db.models import Q

from feedback.asks.models import Ask
from feedback.roadmap.models import Item, Reshaping
from feedback.roadmap.queries import live_ask_ids


def lineage(item: Item) -> Sequence[Reshaping]:
    """Return what was joined into ``item`` and split off it, and what it was split from, newest first."""
    about = Reshaping.objects.filter(Q(item=item) | Q(other=item))
    return list(about.select_related("item", "other"))


def asks_to_split(item: Item) -> Sequence[Ask]:
    """Return the asks of which some may go to a new item; none where there are not two."""
    asks = Ask.objects.filter(pk__in=live_ask_ids(item)).order_by("-people_count", "pk")
    return list(asks) if len(asks) > 1 else []
