"""Erasing the roadmap of a product, when the product itself is erased, and what an import that is undone put on it."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Exists, Model, OuterRef, QuerySet

from feedback.forum.models import Product
from feedback.journal import operations as journal
from feedback.journal.models import Entry
from feedback.kernel.batches import batches
from feedback.roadmap.models import (
    ChangelogLine,
    Column,
    Item,
    ItemAsk,
    Release,
    ReportEntry,
    Train,
)


def erase_items(*, pks: Collection[int], now: dt.datetime) -> None:
    """Erase these items with their lines of the changelog."""
    items = Item.objects.filter(pk__in=pks)
    journal.forget(items, now=now)
    ChangelogLine.objects.filter(item__in=items).delete()
    items.delete()


def erase_roadmap(*, product: Product, now: dt.datetime) -> None:
    """Erase the releases, the train and the columns of ``product``, whose items are gone."""
    releases = Release.objects.filter(product=product)
    journal.forget(releases, now=now)
    releases.delete()
    Train.objects.filter(product=product).delete()
    Column.objects.filter(product=product).delete()


def unlink_asks(ask_ids: Collection[int]) -> None:
    """Have no item answer one of these asks any more, and no report speak of them: they are about to be erased.

    A line in a report keeps its words.
    """
    for some in batches(ask_ids):
        ItemAsk.objects.filter(ask__in=some).delete()
        spoken_of = ReportEntry.objects.filter(ask__in=some)
        spoken_of.filter(text="", item=None).delete()
        spoken_of.update(ask=None)


def erase_items_made_at(
    moments: Collection[dt.datetime], *, ask_ids: Collection[int], now: dt.datetime
) -> set[int]:
    """Take the asks ``ask_ids``, which are about to be erased, from their items; return the items that went with them.

    An item goes that was adopted at one of ``moments``, answers nothing else and of which nothing happened since; so does a
    release that carried nothing else and has no report. What somebody made or changed at another time stays.
    """
    made: set[int] = set()
    for some in batches(ask_ids):
        items = Item.objects.filter(links__ask__in=some, adopted_at__in=moments)
        made.update(items.values_list("pk", flat=True))
    unlink_asks(ask_ids)
    gone: set[int] = set()
    for some in batches(made):
        items = Item.objects.filter(pk__in=some, links=None).exclude(
            Exists(_entries_since(Item, moments))
        )
        gone.update(items.values_list("pk", flat=True))
    for some in batches(gone):
        items = Item.objects.filter(pk__in=some)
        releases = set(items.exclude(release=None).values_list("release", flat=True))
        erase_items(pks=some, now=now)
        _erase_empty_releases(releases, moments=moments, now=now)
    return gone


def _erase_empty_releases(
    pks: Collection[int], *, moments: Collection[dt.datetime], now: dt.datetime
) -> None:
    """Erase those of these releases that carry nothing, and of which people have said nothing since."""
    empty = Release.objects.filter(pk__in=pks, items=None, lines=None, stop_days=None, report=None)
    empty = empty.exclude(Exists(_entries_since(Release, moments)))
    journal.forget(empty, now=now)
    empty.delete()


def _entries_since(model: type[Model], moments: Collection[dt.datetime]) -> QuerySet[Entry]:
    """Return the entries about a row of ``model``, that of the query around it, at other times than ``moments``."""
    return Entry.objects.filter(
        subject_type=model._meta.label_lower, subject_id=OuterRef("pk")
    ).exclude(at__in=moments)
