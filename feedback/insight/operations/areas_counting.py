"""Keeping the counts of areas true."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import Count, Sum

from feedback.insight.models import Area, Ask

#: The asks that make an area: those that people and the machine take for one.
IN_AREAS = (Ask.State.PUBLIC, Ask.State.PROPOSED)

_PEOPLE = """
SELECT area_id, COUNT(*) FROM (
    SELECT a.area_id AS area_id, p.author_id AS person_id
    FROM insight_ask a
    JOIN insight_membership m ON m.ask_id = a.id
    JOIN forum_post p ON p.id = m.post_id
    WHERE p.state = 'PUBLISHED' AND a.state IN ('PUBLIC', 'PROPOSED') AND a.area_id IN ({ids})
    UNION
    SELECT a.area_id, v.person_id
    FROM insight_ask a
    JOIN insight_membership m ON m.ask_id = a.id
    JOIN forum_post p ON p.id = m.post_id
    JOIN forum_vote v ON v.post_id = m.post_id
    WHERE p.state = 'PUBLISHED' AND a.state IN ('PUBLIC', 'PROPOSED') AND a.area_id IN ({ids})
) AS people GROUP BY area_id
"""


def count_people(area_ids: Iterable[int]) -> dict[int, int]:
    """Return how many people are behind the asks of each area, once each."""
    wanted = sorted(set(area_ids))
    if not wanted:
        return {}
    marks = ", ".join(["%s"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE.format(ids=marks), [*wanted, *wanted])
        return dict(cursor.fetchall())


def recount_areas(area_ids: Iterable[int]) -> None:
    """Set the counts of these areas from what they hold. Call under `hold_grouping`."""
    areas = list(Area.objects.filter(pk__in=set(area_ids)).order_by("pk"))
    people = count_people(area.pk for area in areas)
    held = {
        area: (asks, posts or 0)
        for area, asks, posts in Ask.objects.filter(area__in=areas, state__in=IN_AREAS)
        .order_by()
        .values_list("area")
        .annotate(asks=Count("id"), posts=Sum("post_count"))
    }
    for area in areas:
        area.ask_count, area.post_count = held.get(area.pk, (0, 0))
        area.people_count = people.get(area.pk, 0)
    Area.objects.bulk_update(areas, ["ask_count", "post_count", "people_count"], batch_size=200)
