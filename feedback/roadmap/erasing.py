"""Erasing the roadmap of a product, when the product itself is erased."""

import datetime as dt
from collections.abc import Collection

from feedback.forum.models import Product
from feedback.journal import operations as journal
from feedback.kernel.batches import batches
from feedback.roadmap.models import ChangelogLine, Item, ItemAsk, Release


def erase_roadmap(*, product: Product, ask_ids: Collection[int], now: dt.datetime) -> None:
    """Erase items, releases and changelog of ``product``; no item elsewhere answers one of ``ask_ids`` any more."""
    items = Item.objects.filter(product=product)
    journal.forget(items, now=now)
    ChangelogLine.objects.filter(item__in=items).delete()
    items.delete()
    Release.objects.filter(product=product).delete()
    unlink_asks(ask_ids)


def unlink_asks(ask_ids: Collection[int]) -> None:
    """Have no item answer one of these asks any more: they are about to be erased."""
    for some in batches(ask_ids):
        ItemAsk.objects.filter(ask__in=some).delete()
