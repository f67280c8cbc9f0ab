"""What grows faster than the board does, now or at the end of what was imported."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from django.core.cache import caches
from django.db.models import Count, F, Q, QuerySet

from feedback.asks.models import OPEN, Ask
from feedback.asks.trend import posts_a_day, window_of
from feedback.engine.stats.growth import Growth
from feedback.forum.models import Post, Product, Vote
from feedback.forum.products.queries import within
from feedback.forum.queries import grouped_posts
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.measure.models import Alert

if TYPE_CHECKING:
    from feedback.engine.stats.trends import Rise, Rises, Sightings, Window

#: Days compared: a week with the eight before, four weeks with the sixteen before; a day and three for bursts.
GROWTH = ((7, 56), (28, 112))
BURSTS = ((1, 28), (3, 27))
#: A release is looked at for so long, against so many days before it.
AFTER_RELEASE, BEFORE_RELEASE = 14, 56
#: What came with a release shows in so many days, its own and the next two: 72 hours.
FIRST_DAYS = 3
#: Days that are read: the longest window and what it is compared with.
READ = 140
#: A board that has been silent for longer is looked at as of its last days, and nobody is alarmed.
SILENT = 14
#: Posts that make a version's first days visible.
_FEWEST_OF_VERSION = 10
WATCHED_SECONDS = 300


@dataclass(frozen=True)
class ReleaseDay:
    """A version and the day it came: told by the roadmap, or seen in the posts that name it."""

    version: str
    day: dt.date
    is_told: bool


@dataclass(frozen=True, kw_only=True)
class Grown(Growth):
    """One ask in one window of days, ``first`` to ``last``."""

    ask_id: int
    kind: str
    first: dt.date
    last: dt.date
    past_days: int
    is_alarming: bool
    version: str = ""

    @property
    def days(self) -> int:
        """How many days the window has."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Watched:
    """What was seen in one look: the strongest first in each list, an ask once in each."""

    as_of: dt.date | None
    is_past: bool
    growth: list[Grown] = field(default_factory=list)
    bursts: list[Grown] = field(default_factory=list)
    after: list[Grown] = field(default_factory=list)
    first_days: list[Grown] = field(default_factory=list)
    release: ReleaseDay | None = None
    releases: list[ReleaseDay] = field(default_factory=list)
    floods: list[tuple[str, dt.date, int]] = field(default_factory=list)
    new_sources: list[str] = field(default_factory=list)
    undated: int = 0
    posts: int = 0


def moment_of(day: dt.date) -> dt.datetime:
    """Return when ``day`` begins, in UTC."""
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def dated_posts(product: Product) -> QuerySet[Post]:
    """Return the posts of ``product`` whose date says when somebody asked: an import without dates says nothing of it."""
    return grouped_posts(product).exclude(~Q(source=""), posted_at=F("arrived_at"))


def as_of(product: Product, now: dt.datetime) -> tuple[dt.date | None, bool]:
    """Return the last day to look at, and whether it lies in the past of a board that is silent now."""
    today = now.astimezone(dt.UTC).date()
    days = {day: count for day, count in posts_a_day(dated_posts(product)).items() if day <= today}
    if not days:
        return None, True
    _, last = window_of(days)
    if (today - max(days)).days <= SILENT and last == max(days):
        return today, False
    return last, True


def releases(product: Product, *, until: dt.date) -> list[ReleaseDay]:
    """Return the versions of ``product`` that came in the time that is read, newest first."""
    since = until - dt.timedelta(days=READ)
    start, end = moment_of(since), moment_of(until + dt.timedelta(days=1))
    found: dict[str, ReleaseDay] = {}
    told = Entry.objects.filter(verb=Verb.ITEM_SHIPPED, at__gte=start, at__lt=end)
    for at, data in told.order_by("id").values_list("at", "data"):
        version = str(data.get("version", ""))
        is_ours = data["product"] == product.slug if "product" in data else product.is_default
        if is_ours and version and version not in found:
            found[version] = ReleaseDay(version, at.date(), True)
    days: dict[str, Counter[dt.date]] = {}
    named = dated_posts(product).exclude(product_version="").filter(posted_at__lt=end)
    large = (
        named.filter(posted_at__gte=start)
        .order_by()
        .values_list("product_version")
        .annotate(count=Count("id"))
        .filter(count__gte=_FEWEST_OF_VERSION)
    )
    wanted = [version for version, _ in large if version not in found]
    for version, moment in named.filter(product_version__in=wanted[:200]).values_list(
        "product_version", "posted_at"
    ):
        days.setdefault(version, Counter())[moment.astimezone(dt.UTC).date()] += 1
    for version, counts in days.items():
        ordered = sorted(counts.elements())
        # The second one: a single early date is as often a slip as a tester.
        if ordered[1] >= since:
            found[version] = ReleaseDay(version, ordered[1], False)
    return sorted(found.values(), key=lambda one: (one.day, one.version), reverse=True)


def watch(product: Product, *, now: dt.datetime, version: str = "") -> Watched:
    """Return what grows in ``product``, kept for a few minutes in each process."""
    key = f"measure.watched:{product.pk}:{version}:{now.date()}"
    kept = caches["template_fragments"].get(key)
    if not isinstance(kept, Watched):
        kept = look(product, now=now, version=version)
        caches["template_fragments"].set(key, kept, WATCHED_SECONDS)
    return kept


def look(product: Product, *, now: dt.datetime, version: str = "") -> Watched:
    """Compare every ask of ``product`` with its past and with all posts, in every window; reads `READ` days of posts once."""
    from feedback.engine.stats.trends import Window, floods  # loads scipy; the web need not

    last, is_past = as_of(product, now)
    undated = grouped_posts(product).count() - dated_posts(product).count()
    if last is None:
        return Watched(None, True, undated=undated)
    board, sources = _sightings(product, last)
    end = last.toordinal()
    come = releases(product, until=last)
    release = next((one for one in come if one.version == version), come[0] if come else None)
    windows = [(Alert.Kind.GROWTH, Window(end - days + 1, days, past)) for days, past in GROWTH] + [
        (Alert.Kind.BURST, Window(end - days + 1, days, past)) for days, past in BURSTS
    ]
    if release is not None:
        start = release.day.toordinal()
        for days in {min(most, end - start + 1) for most in (AFTER_RELEASE, FIRST_DAYS)}:
            past = days * max(2, BEFORE_RELEASE // days)
            windows.append((Alert.Kind.RELEASE, Window(start, days, past)))
    found: dict[str, list[Grown]] = {kind: [] for kind in Alert.Kind.values}
    new: set[int] = set()
    looked = rows_rising(board, [window for _kind, window in windows])
    for (kind, _window), seen in zip(windows, looked, strict=True):
        new.update(seen.left_out_sources)
        named = release.version if release is not None and kind == Alert.Kind.RELEASE else ""
        found[kind] += [_grown(kind, one, named) for one in seen.found]
    come_with = found[Alert.Kind.RELEASE]
    longest = max((one.days for one in come_with), default=0)
    return Watched(
        as_of=last,
        is_past=is_past,
        growth=_strongest(found[Alert.Kind.GROWTH]),
        bursts=_strongest(found[Alert.Kind.BURST]),
        after=_strongest([one for one in come_with if one.days == longest]),
        first_days=_strongest([one for one in come_with if one.days <= FIRST_DAYS]),
        release=release,
        releases=come[:6],
        floods=[
            (sources[source], dt.date.fromordinal(day), count)
            for source, day, count in floods(board, since=end - 28)
        ],
        new_sources=sorted(sources[source] for source in new),
        undated=undated,
        posts=len(board),
    )


def rows_rising(board: "Sightings", windows: Sequence["Window"]) -> Iterator["Rises"]:
    """Yield what rises in each of ``windows``, the bounds corrected for all asks and all windows."""
    from feedback.engine.stats.trends import rises  # loads scipy; the web need not

    tests = max(1, len(np.unique(board.asks[board.asks >= 0])) * len(windows))
    for window in windows:
        yield rises(board, window, tests=tests)


def _sightings(product: Product, last: dt.date) -> tuple["Sightings", list[str]]:
    """Return the dated posts of the days that are read, and the names of the sources."""
    from feedback.engine.stats.trends import Sightings, numbered  # loads scipy; the web need not

    first = moment_of(last - dt.timedelta(days=READ))
    end = moment_of(last + dt.timedelta(days=1))
    rows = list(
        dated_posts(product)
        .filter(posted_at__gte=first, posted_at__lt=end)
        .order_by("pk")
        .values_list("membership__ask", "membership__ask__state", "source", "author", "posted_at")
    )
    numbers, names = numbered([row[2] for row in rows])
    return Sightings(
        asks=np.array([row[0] if row[1] in OPEN else -1 for row in rows], dtype=np.int64),
        sources=numbers,
        authors=np.array([row[3] for row in rows], dtype=np.int64),
        days=np.array(
            [row[4].astimezone(dt.UTC).date().toordinal() for row in rows], dtype=np.int64
        ),
    ), [str(name) for name in names]


def _grown(kind: str, rise: "Rise", version: str) -> Grown:
    return Grown(
        ask_id=rise.ask,
        kind=kind,
        first=dt.date.fromordinal(rise.window.start),
        last=dt.date.fromordinal(rise.window.end),
        past_days=rise.window.past,
        is_alarming=rise.is_alarming,
        version=version,
        **{one.name: getattr(rise, one.name) for one in fields(Growth)},
    )


def _strongest(rows: list[Grown]) -> list[Grown]:
    """Return each ask's strongest window, the alarming first, then by lower bound."""
    best: dict[int, Grown] = {}
    for row in sorted(rows, key=lambda one: (-one.is_alarming, -one.low, one.first)):
        best.setdefault(row.ask_id, row)
    return list(best.values())


def _posts_of(grown: Grown) -> QuerySet[Post]:
    first, end = moment_of(grown.first), moment_of(grown.last + dt.timedelta(days=1))
    ask = Ask.objects.select_related("product").get(pk=grown.ask_id)
    return dated_posts(ask.product).filter(
        membership__ask=grown.ask_id, posted_at__gte=first, posted_at__lt=end
    )


def names_version(grown: Grown) -> bool:
    """Whether the posts speak of the version that came: at least a third of those that name any, or none does."""
    named = _posts_of(grown).exclude(product_version="")
    count = named.count()
    return not count or 3 * named.filter(product_version=grown.version).count() >= count


def evidence_of(grown: Grown) -> dict[str, Any]:
    """Return what an alert keeps: the window and its numbers, versions, votes, and posts to read."""
    first, end = moment_of(grown.first), moment_of(grown.last + dt.timedelta(days=1))
    posts = _posts_of(grown)
    versions = (
        posts.exclude(product_version="")
        .order_by()
        .values_list("product_version")
        .annotate(count=Count("id"))
        .order_by("-count", "-product_version")[:4]
    )
    votes = Vote.objects.filter(
        post__membership__ask=grown.ask_id, voted_at__gte=first, voted_at__lt=end
    ).exclude(person=F("post__author"))
    return {
        "first": grown.first.isoformat(),
        "last": grown.last.isoformat(),
        "past_days": grown.past_days,
        "posts": grown.posts,
        "past": grown.past,
        "expected": round(grown.expected, 2),
        "raw": round(grown.raw, 2),
        "ratio": round(grown.ratio, 2),
        "version": grown.version,
        "versions": [[version, count] for version, count in versions],
        "votes": votes.values("person").distinct().count(),
        "sample": list(
            posts.order_by("-vote_count", "-posted_at").values_list("public_id", flat=True)[:5]
        ),
    }


def open_alerts(product: Product | None = None) -> QuerySet[Alert]:
    """Return what lasts, in one product or in all, the unseen and the strongest first."""
    return (
        Alert.objects.filter(
            within(product, "ask__product"), ended_at__isnull=True, ask__state__in=OPEN
        )
        .select_related("ask", "seen_by")
        .order_by(F("seen_at").asc(nulls_first=True), "-strength", "id")
    )


def unseen_alerts(product: Product | None = None) -> QuerySet[Alert]:
    """Return what lasts and nobody of the team has seen, strongest first."""
    return open_alerts(product).filter(seen_at__isnull=True)
