"""Keeping the counts of areas true."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, Sum

from feedback.asks.areas.queries import count_people
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Area, Ask
from feedback.kernel.batches import batches


class Held(NamedTuple):
    """What the asks of an area hold, added up: whoever stands behind two of them is twice in it."""

    ask_count: int = 0
    post_count: int = 0
    people_of_asks: int = 0


class Counts(NamedTuple):
    """What an area keeps of what it holds; people once each."""

    ask_count: int
    post_count: int
    people_of_asks: int
    people_count: int


def recount_areas(area_ids: Iterable[int]) -> None:
    """Set the counts of these areas from what they hold. Call under `hold_grouping`."""
    set_counts(counted(area_ids))


def recount_changed_areas() -> int:
    """Count the areas whose asks hold more or fewer posts or people than when they were counted; return how many.

    An ask is counted when somebody votes for it; the people of a whole area are too many for that.
    """
    kept = Area.objects.open().values_list("pk", *Held._fields)
    before = {pk: Held(*held) for pk, *held in kept}
    now = _held(before)
    changed = [pk for pk, held in before.items() if now.get(pk, Held()) != held]
    for some in batches(changed, 20):
        with transaction.atomic():
            hold_grouping()
            recount_areas(some)
    return len(changed)


def counted(area_ids: Iterable[int]) -> dict[int, Counts]:
    """Return what each of these areas holds."""
    ids = set(area_ids)
    held, people = _held(ids), count_people(ids)
    return {pk: Counts(*held.get(pk, Held()), people.get(pk, 0)) for pk in ids}


def _held(area_ids: Collection[int]) -> dict[int, Held]:
    rows = (
        Ask.objects.open()
        .filter(area__in=area_ids)
        .order_by()
        .values_list("area")
        .annotate(asks=Count("id"), posts=Sum("post_count"), people=Sum("people_count"))
    )
    return {area: Held(asks, posts or 0, people or 0) for area, asks, posts, people in rows}


def reconcile_areas(*, fix: bool) -> int:
    """Return how many areas count what they do not hold, and would go on so; with ``fix`` all count what they hold.

    One whose asks have just changed is counted by `recount_changed_areas`, and has not drifted.
    """
    wrong = 0
    for some in batches(Area.objects.values_list("pk", flat=True), 100):
        with transaction.atomic():
            hold_grouping()
            true = counted(some)
            kept = Area.objects.filter(pk__in=some).values_list("pk", *Counts._fields)
            said = {pk: Counts(*counts) for pk, *counts in kept}
            wrong += sum(true[pk][:3] == said[pk][:3] and true[pk] != said[pk] for pk in said)
            if fix:
                set_counts(true)
    return wrong


def set_counts(counts: Mapping[int, Counts]) -> None:
    """Write what `counted` returned where it is another. Call under `hold_grouping`."""
    changed = []
    for area in Area.objects.filter(pk__in=counts).order_by("pk"):
        true = counts[area.pk]
        if true != tuple(getattr(area, name) for name in Counts._fields):
            for name, value in true._asdict().items():
                setattr(area, name, value)
            changed.append(area)
    Area.objects.bulk_update(changed, Counts._fields, batch_size=200)
