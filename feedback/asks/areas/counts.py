"""Keeping the counts of areas true."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Count, Sum

from feedback.asks.areas.queries import count_people
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Area, Ask
from feedback.kernel.batches import batches


def recount_areas(area_ids: Iterable[int]) -> None:
    """Set the counts of these areas from what they hold. Call under `hold_grouping`."""
    set_counts(counted(area_ids))


def counted(area_ids: Iterable[int]) -> dict[int, tuple[int, int, int]]:
    """Return the asks, posts and people that each of these areas holds."""
    ids = set(area_ids)
    people = count_people(ids)
    held = {
        area: (asks, posts or 0)
        for area, asks, posts in Ask.objects.open()
        .filter(area__in=ids)
        .order_by()
        .values_list("area")
        .annotate(asks=Count("id"), posts=Sum("post_count"))
    }
    return {pk: (*held.get(pk, (0, 0)), people.get(pk, 0)) for pk in ids}


def reconcile_areas(*, fix: bool) -> int:
    """Return how many areas count something else than they hold; with ``fix`` they count that."""
    wrong = 0
    for some in batches(Area.objects.values_list("pk", flat=True), 100):
        with transaction.atomic():
            hold_grouping()
            true = counted(some)
            said = Area.objects.filter(pk__in=some).values_list(
                "pk", "ask_count", "post_count", "people_count"
            )
            wrong += sum(true[pk] != (asks, posts, people) for pk, asks, posts, people in said)
            if fix:
                set_counts(true)
    return wrong


def set_counts(counts: Mapping[int, tuple[int, int, int]]) -> None:
    """Write what `counted` returned where it is another. Call under `hold_grouping`."""
    changed = []
    for area in Area.objects.filter(pk__in=counts).order_by("pk"):
        before = (area.ask_count, area.post_count, area.people_count)
        if before != counts[area.pk]:
            area.ask_count, area.post_count, area.people_count = counts[area.pk]
            changed.append(area)
    Area.objects.bulk_update(changed, ["ask_count", "post_count", "people_count"], batch_size=200)
