"""When an ask was asked."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from feedback.forum.models import Post
from feedback.insight.models import Ask

#: Points of the small line in a list.
STRETCH = 14


@dataclass(frozen=True)
class Trend:
    """Posts a day, week or month, oldest first, without gaps. ``points`` are (first day, count)."""

    bucket: str
    points: list[tuple[dt.date, int]]

    @property
    def peak(self) -> int:
        return max((count for _, count in self.points), default=0)


def trend_of(ask: Ask) -> Trend:
    """Return the posts of ``ask`` over time, in buckets that give a line of at most about 60 points."""
    days = [
        posted_at.date()
        for posted_at in Post.objects.filter(
            membership__ask=ask, state=Post.State.PUBLISHED
        ).values_list("posted_at", flat=True)
    ]
    return trend_from(days)


def attach_trends(asks: Iterable[Ask]) -> None:
    """Set ``weekly`` of each ask to its counts over the same last stretch of time; one query for all.

    The stretch ends with the newest post of any of them, so that a growing ask and a fading one look it.
    """
    asks = list(asks)
    days: dict[int, list[dt.date]] = {ask.pk: [] for ask in asks}
    for ask_id, posted_at in Post.objects.filter(
        membership__ask__in=days, state=Post.State.PUBLISHED
    ).values_list("membership__ask", "posted_at"):
        days[ask_id].append(posted_at.date())
    everything = trend_from([day for some in days.values() for day in some])
    buckets = [start for start, _ in everything.points[-STRETCH:]]
    for ask in asks:
        counts = Counter(_start(day, everything.bucket) for day in days[ask.pk])
        ask.weekly = [(start, counts[start]) for start in buckets]  # type: ignore[attr-defined]


def trend_from(days: list[dt.date]) -> Trend:
    """Return the trend of ``days``; pure."""
    if not days:
        return Trend("day", [])
    first, last = min(days), max(days)
    span = (last - first).days
    bucket = "day" if span <= 31 else "week" if span <= 370 else "month"
    counts = Counter(_start(day, bucket) for day in days)
    points = []
    at = _start(first, bucket)
    while at <= last:
        points.append((at, counts[at]))
        at = _next(at, bucket)
    return Trend(bucket, points)


def _start(day: dt.date, bucket: str) -> dt.date:
    if bucket == "week":
        return day - dt.timedelta(days=day.weekday())
    return day.replace(day=1) if bucket == "month" else day


def _next(day: dt.date, bucket: str) -> dt.date:
    if bucket == "month":
        return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return day + dt.timedelta(days=7 if bucket == "week" else 1)
