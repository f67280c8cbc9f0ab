"""What happened in a week, as rows and counts of rows. Nothing here is estimated, and nothing leaves the machine."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet
from django.utils import timezone

from feedback.asks.models import Answer, Ask
from feedback.asks.stages import Stage
from feedback.briefs.drafting.week import WEEKS_BEFORE, Week
from feedback.forum.models import Post, Product
from feedback.measure.alerts.queries import dated_posts
from feedback.roadmap.models import ChangelogLine, Item, Release
from feedback.roadmap.queries import count_people, live_ask_ids
from feedback.roadmap.stops import HALTED, OUT

#: Lines of each part: a brief that has all is no brief.
MOST = 4
#: People who wrote of an ask in the week from whom on it may be said to grow, and how many times its usual week that has to be.
FEWEST, TIMES = 3, 1.5
#: A release that leaves within so long is what comes next.
AHEAD = dt.timedelta(weeks=3)


@dataclass(frozen=True)
class Rise:
    """An ask that grew: posts and people of the week, and posts of all the `WEEKS_BEFORE` weeks before."""

    ask: Ask
    posts: int
    people: int
    before: int


@dataclass(frozen=True)
class Reply:
    """What the team said to an ask, and how many people are behind it. ``declined``: that it will not come."""

    ask: Ask
    people: int
    words: str
    declined: bool


@dataclass(frozen=True)
class Departure:
    """A release that left, and what it brought."""

    release: Release
    lines: list[ChangelogLine]


@dataclass(frozen=True)
class Promise:
    """A release that is to leave next, and what it is to bring."""

    release: Release
    items: list[Item]


@dataclass(frozen=True)
class Happened:
    """The rows of one week of a product."""

    product: Product
    week: Week
    posts: int = 0
    people: int = 0
    posts_before: int = 0
    grew: list[Rise] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    departures: list[Departure] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell: a promise alone, or posts alone, make no brief."""
        return not (self.grew or self.replies or self.departures)

    @property
    def asks(self) -> list[Ask]:
        """The asks that it speaks of, once each."""
        shipped = [
            ask_id
            for departure in self.departures
            for line in departure.lines
            for ask_id in live_ask_ids(line.item)
        ]
        behind = list(Ask.objects.public().filter(pk__in=shipped).order_by("-people_count", "pk"))
        told = [rise.ask for rise in self.grew] + [reply.ask for reply in self.replies]
        return list(dict.fromkeys([*told, *behind]))


def gather(product: Product, week: Week, *, now: dt.datetime) -> Happened:
    """Return what happened to ``product`` in ``week``, as far as it has gone by ``now``."""
    posts = posts_of(product, week)
    return Happened(
        product=product,
        week=week,
        posts=posts.count(),
        people=posts.values("author").distinct().count(),
        posts_before=posts_of(product, week.before(1)).count(),
        grew=_grew(product, week),
        replies=_replies(product, week),
        departures=_departures(product, week),
        promises=_promises(product, week, now=now),
    )


def posts_of(product: Product, first: Week, last: Week | None = None) -> QuerySet[Post]:
    """Return the public posts of ``product`` from the week ``first`` to ``last``, that alone if not given."""
    return dated_posts(product).filter(
        posted_at__gte=first.begins_at, posted_at__lt=(last or first).ends_at
    )


def _grew(product: Product, week: Week) -> list[Rise]:
    """Return what more people asked for than usual, by more than all posts grew, the most people first."""
    now, past = (
        posts_of(product, week),
        posts_of(product, week.before(WEEKS_BEFORE), week.before(1)),
    )
    all_now, all_past = now.count(), past.count()
    asks = Ask.objects.public().filter(product=product).in_bulk()
    asked, before = _by_ask(now, asks), _by_ask(past, asks)
    rises = [
        Rise(asks[pk], posts, people, before.get(pk, (0, 0))[0])
        for pk, (posts, people) in asked.items()
        if people >= FEWEST
    ]
    grown = [
        one
        for one in rises
        if one.posts * WEEKS_BEFORE >= TIMES * one.before
        and one.posts * all_past >= one.before * all_now
    ]
    grown.sort(key=lambda one: (-one.people, -one.posts, one.ask.pk))
    return grown[:MOST]


def _by_ask(posts: QuerySet[Post], ask_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return how many of ``posts``, by how many people, are in each of these asks."""
    rows = (
        posts.filter(membership__ask__in=ask_ids)
        .order_by()
        .values_list("membership__ask")
        .annotate(posts=Count("pk", distinct=True), people=Count("author", distinct=True))
    )
    return {ask_id: (posts, people) for ask_id, posts, people in rows}


def _replies(product: Product, week: Week) -> list[Reply]:
    """Return what the team answered and declined, the most people first; the last word to an ask."""
    asks = Ask.objects.public().filter(product=product)
    answers = (
        Answer.objects.standing()
        .filter(ask__in=asks, answered_at__gte=week.begins_at, answered_at__lt=week.ends_at)
        .select_related("ask")
    )
    said: dict[int, Reply] = {}
    for answer in answers.order_by("answered_at", "pk"):
        said[answer.ask_id] = Reply(
            answer.ask, count_people([answer.ask_id]), answer.body, declined=False
        )
    refused = asks.filter(
        stage=Stage.DECLINED,
        stage_changed_at__gte=week.begins_at,
        stage_changed_at__lt=week.ends_at,
    )
    for ask in refused:
        said[ask.pk] = Reply(ask, count_people([ask.pk]), ask.decline_reason, declined=True)
    return sorted(said.values(), key=lambda one: (-one.people, one.ask.pk))[:MOST]


def _departures(product: Product, week: Week) -> list[Departure]:
    out = Release.objects.filter(
        product=product,
        stop__in=OUT,
        release_date__gte=week.monday,
        release_date__lte=week.sunday,
    ).select_related("product")
    return [
        Departure(
            release,
            list(release.lines.select_related("item").order_by("-people_count", "pk")[:MOST]),
        )
        for release in out.order_by("release_date", "pk")
    ]


def _promises(product: Product, week: Week, *, now: dt.datetime) -> list[Promise]:
    """Return what leaves next: the first release after the week, or after today while it lasts.

    Of a week after which something has left already nobody knows any more what was promised then.
    """
    left = Release.objects.filter(product=product, stop__in=OUT, release_date__gt=week.sunday)
    if left.exists():
        return []
    first = min(timezone.localdate(now), week.sunday + dt.timedelta(days=1))
    coming = (
        Release.objects.filter(
            product=product,
            release_date__gte=first,
            release_date__lte=week.sunday + AHEAD,
        )
        .exclude(stop__in=OUT | HALTED)
        .select_related("product")
        .order_by("release_date", "pk")
        .first()
    )
    if coming is None:
        return []
    items = coming.items.exclude(stage__in=[Stage.SHIPPED, Stage.DECLINED]).order_by("pk")
    return [Promise(coming, list(items[:MOST]))]
