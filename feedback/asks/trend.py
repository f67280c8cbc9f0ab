"""When an ask was asked."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, DateField, Func, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from feedback.asks.models import Ask
from feedback.forum.models import Post

#: Points of the small line in a list.
STRETCH = 14
#: What a line may leave out at its ends: this share of the posts, or one of at least so many.
FEW = 0.02
SINGLE = 10


@dataclass(frozen=True)
class Trend:
    """Posts a day, week or month, oldest first, without gaps. ``points`` are (first day, count).

    ``left_out`` posts lie so far away from all others that they would flatten the line; see `window_of`.
    """

    bucket: str
    points: list[tuple[dt.date, int]]
    left_out: int = 0

    @property
    def peak(self) -> int:
        return max((count for _, count in self.points), default=0)


def trend_of(ask: Ask) -> Trend:
    """Return the posts of ``ask`` over time, in buckets that give a line of at most about 60 points."""
    return trend_from(_days_of([ask.pk]).get(ask.pk, {}))


class _Day(Func):
    """The day of a moment in UTC. On SQLite plain text: a function of Python's for every row takes longest."""

    output_field = DateField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> Any:
        return self.as_sql(compiler, connection, template="substr(%(expressions)s, 1, 10)")

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> Any:
        return self.as_sql(
            compiler, connection, template="((%(expressions)s) AT TIME ZONE 'UTC')::date"
        )


def posts_a_day(posts: QuerySet[Post]) -> dict[dt.date, int]:
    """Return the number of these posts on each day that has any."""
    days = posts.order_by().values_list(_Day("posted_at")).annotate(count=Count("pk"))
    return dict(days)


def _days_of(ask_ids: Collection[int]) -> dict[int, dict[dt.date, int]]:
    """Return the number of posts a day of each ask; counted by the database in one query."""
    rows = (
        Post.objects.filter(membership__ask__in=ask_ids, state=Post.State.PUBLISHED)
        .order_by()
        .values_list("membership__ask", _Day("posted_at"))
        .annotate(count=Count("pk"))
    )
    days: dict[int, dict[dt.date, int]] = {}
    for ask_id, day, count in rows:
        days.setdefault(ask_id, {})[day] = count
    return days


def attach_trends(asks: Iterable[Ask]) -> None:
    """Set ``weekly`` of each ask to its counts over the same last stretch of time; one query for all.

    The stretch ends with the newest post of any of them that is within `window_of` all, so that a growing ask
    and a fading one look it.
    """
    asks = list(asks)
    days = _days_of([ask.pk for ask in asks])
    together: Counter[dt.date] = Counter()
    for some in days.values():
        together.update(some)
    everything = trend_from(together)
    buckets = [start for start, _ in everything.points[-STRETCH:]]
    for ask in asks:
        counts = _bucketed(days.get(ask.pk, {}), everything.bucket)
        ask.weekly = [(start, counts[start]) for start in buckets]  # type: ignore[attr-defined]


def trend_from(days: Mapping[dt.date, int]) -> Trend:
    """Return the trend of so many posts on these days, within `window_of` them; pure."""
    if not days:
        return Trend("day", [])
    first, last = window_of(days)
    total = sum(days.values())
    days = {day: count for day, count in days.items() if first <= day <= last}
    span = (last - first).days
    bucket = "day" if span <= 31 else "week" if span <= 370 else "month"
    counts = _bucketed(days, bucket)
    points = []
    at = _start(first, bucket)
    while at <= last:
        points.append((at, counts[at]))
        at = _next(at, bucket)
    return Trend(bucket, points, total - sum(days.values()))


def window_of(days: Mapping[dt.date, int]) -> tuple[dt.date, dt.date]:
    """Return the first and the last day that a line of these posts should show; pure.

    A few posts at an end are left out when they hold no more than `FEW` of all, or are a single one of at least
    `SINGLE`, and when nothing was asked between them and the rest for longer than the rest lasted: a line with
    them would be empty for more than half of its width. So the first post after an import of old ones does not
    flatten what the import shows, and while posts keep coming none is ever left out.

    Raises `ValueError` when there are no days.
    """
    if not days:
        raise ValueError("No days have no window.")
    ordered = sorted(days)
    total = sum(days.values())
    few = max(FEW * total, 1 if total >= SINGLE else 0)
    lo, hi = 0, len(ordered) - 1
    far = 0
    for at in range(len(ordered) - 1, 0, -1):
        far += days[ordered[at]]
        if far > few:
            break
        if ordered[at] - ordered[at - 1] > ordered[at - 1] - ordered[0]:
            hi = at - 1
    far = total - sum(days[day] for day in ordered[: hi + 1])
    for at in range(hi):
        far += days[ordered[at]]
        if far > few:
            break
        if ordered[at + 1] - ordered[at] > ordered[hi] - ordered[at + 1]:
            lo = at + 1
    return ordered[lo], ordered[hi]


def _bucketed(days: Mapping[dt.date, int], bucket: str) -> Counter[dt.date]:
    counts: Counter[dt.date] = Counter()
    for day, count in days.items():
        counts[_start(day, bucket)] += count
    return counts


def _start(day: dt.date, bucket: str) -> dt.date:
    if bucket == "week":
        return day - dt.timedelta(days=day.weekday())
    return day.replace(day=1) if bucket == "month" else day


def _next(day: dt.date, bucket: str) -> dt.date:
    if bucket == "month":
        return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return day + dt.timedelta(days=7 if bucket == "week" else 1)
