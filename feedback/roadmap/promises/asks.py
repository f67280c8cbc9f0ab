"""Which asks wait for something that was promised, and which of them for too long."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from feedback.forum.models import Product
from feedback.roadmap.models import Item
from feedback.roadmap.queries import asks_of_items


@dataclass(frozen=True)
class PromisedAsks:
    """The ids of asks that a release was named for which is not out; ``late`` are those whose day is over."""

    promised: Collection[int]
    late: Collection[int]


def promised_asks(product: Product, *, today: dt.date) -> PromisedAsks:
    """Return the asks of ``product`` that are promised, and those of them that are late."""
    waiting = Item.objects.open().filter(
        product=product, release__isnull=False, release__released_at=None
    )
    days = dict(waiting.values_list("pk", "release__release_date"))
    late = [pk for pk, day in days.items() if day is not None and day < today]
    return PromisedAsks(set(asks_of_items(list(days))), set(asks_of_items(late)))
