"""Keeping the counts of areas true."""

from collections.abc import Iterable

from django.db.models import Count, Sum

from feedback.asks.areas.queries import count_people
from feedback.asks.models import Area, Ask


def recount_areas(area_ids: Iterable[int]) -> None:
    """Set the counts of these areas from what they hold. Call under `hold_grouping`."""
    areas = list(Area.objects.filter(pk__in=set(area_ids)).order_by("pk"))
    people = count_people(area.pk for area in areas)
    held = {
        area: (asks, posts or 0)
        for area, asks, posts in Ask.objects.open()
        .filter(area__in=areas)
        .order_by()
        .values_list("area")
        .annotate(asks=Count("id"), posts=Sum("post_count"))
    }
    for area in areas:
        area.ask_count, area.post_count = held.get(area.pk, (0, 0))
        area.people_count = people.get(area.pk, 0)
    Area.objects.bulk_update(areas, ["ask_count", "post_count", "people_count"], batch_size=200)
