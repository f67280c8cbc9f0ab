"""Areas, and reading a board or the asks by them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.cache import caches
from django.db import connection
from django.db.models import Count, Q, QuerySet

from feedback.asks.models import OPEN, Area, Ask, PlacementAttempt
from feedback.forum.models import Board, Post, Product
from feedback.forum.products.queries import within
from feedback.kernel.stale import mark_of
from feedback.kernel.text import language_of

_PEOPLE = """
SELECT area_id, COUNT(*) FROM (
    SELECT a.area_id AS area_id, p.author_id AS person_id
    FROM asks_ask a
    JOIN asks_membership m ON m.ask_id = a.id
    JOIN forum_post p ON p.id = m.post_id
    WHERE p.state = 'PUBLISHED' AND a.state IN ('PUBLIC', 'PROPOSED') AND a.area_id IN ({ids})
    UNION
    SELECT a.area_id, v.person_id
    FROM asks_ask a
    JOIN asks_membership m ON m.ask_id = a.id
    JOIN forum_post p ON p.id = m.post_id
    JOIN forum_vote v ON v.post_id = m.post_id
    WHERE p.state = 'PUBLISHED' AND a.state IN ('PUBLIC', 'PROPOSED') AND a.area_id IN ({ids})
) AS people GROUP BY area_id
"""

#: How many of an area's asks stand beside it as examples.
SAMPLES = 4
#: The counts of a board are read once in this many seconds, not for every reader.
_BOARD_SECONDS = 10


@dataclass(frozen=True)
class AreaLink:
    """An area as a reader chooses it: what it is called and how much it holds here."""

    public_id: str
    name: str
    number: int

    @property
    def language(self) -> str:
        """The language of its name, "zh" or "en"."""
        return language_of(self.name)


@dataclass(frozen=True)
class AreaRow:
    """An area as the desk sees it. Counts are of its confirmed and proposed asks."""

    area: Area
    asks: int
    posts: int
    people: int
    answered: int
    by_machine: int
    samples: list[Ask] = field(default_factory=list)

    @property
    def language(self) -> str:
        return language_of(self.area.name)

    @property
    def seen(self) -> str:
        """The mark of its name, for `stale`."""
        return mark_of({"name": self.area.name})

    @property
    def answered_share(self) -> float:
        """The share of its asks that the team has answered, 0 to 1."""
        return self.answered / self.asks if self.asks else 0.0


def live_areas(product: Product | None = None) -> QuerySet[Area]:
    """Return the areas that asks may belong to, of one product or of all, the confirmed ones first, by name."""
    return Area.objects.open().filter(within(product)).order_by("-state", "name", "id")


def asks_in(area: Area | None, product: Product) -> QuerySet[Ask]:
    """Return the confirmed and proposed asks of ``area``, or those of ``product`` without one, most people first."""
    asks = Ask.objects.open().order_by("-people_count", "id")
    if area is not None:
        return asks.filter(area=area)
    return asks.filter(product=product).exclude(area__state__in=OPEN)


def area_rows(areas: Iterable[Area]) -> list[AreaRow]:
    """Return ``areas`` with what they hold, those with most people first; four queries for any number."""
    areas = list(areas)
    people = count_people(area.pk for area in areas)
    by_area: dict[int | None, list[Ask]] = {}
    held = Ask.objects.open().filter(area__in=areas).order_by("-people_count", "id")
    for ask in held.only(
        "public_id",
        "title",
        "area_id",
        "area_source",
        "answered_at",
        "post_count",
        "people_count",
        "state",
    ):
        by_area.setdefault(ask.area_id, []).append(ask)
    rows = []
    for area in areas:
        asks = by_area.get(area.pk, [])
        rows.append(
            AreaRow(
                area=area,
                asks=len(asks),
                posts=sum(ask.post_count for ask in asks),
                people=people.get(area.pk, 0),
                answered=sum(ask.is_answered for ask in asks),
                by_machine=sum(ask.area_source == Ask.Source.MACHINE for ask in asks),
                samples=asks[:SAMPLES],
            )
        )
    return sorted(rows, key=lambda row: (-row.people, row.area.name, row.area.pk))


def count_people(area_ids: Iterable[int]) -> dict[int, int]:
    """Return how many people are behind the asks of each area, once each."""
    wanted = sorted(set(area_ids))
    if not wanted:
        return {}
    marks = ", ".join(["%s"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE.format(ids=marks), [*wanted, *wanted])
        return dict(cursor.fetchall())


def areas_of_asks(asks: QuerySet[Ask]) -> list[AreaLink]:
    """Return the confirmed areas that hold some of ``asks``, with how many, largest first."""
    rows = (
        asks.filter(area__state=Area.State.PUBLIC)
        .order_by()
        .values_list("area__public_id", "area__name")
        .annotate(number=Count("id"))
    )
    return _largest_first(rows)


def areas_of_board(board: Board) -> list[AreaLink]:
    """Return the confirmed areas with posts on ``board`` and how many, largest first; a few seconds old."""
    key = f"asks.areas.{board.pk}"
    kept = caches["template_fragments"].get(key)
    if kept is None:
        kept = count_areas_of_board(board)
        caches["template_fragments"].set(key, kept, _BOARD_SECONDS)
    assert isinstance(kept, list)
    return kept


def count_areas_of_board(board: Board) -> list[AreaLink]:
    """Return the confirmed areas with posts on ``board`` and how many, as they are now."""
    public = dict(Area.objects.public().values_list("pk", "public_id"))
    if not public:
        return []
    names = dict(Area.objects.filter(pk__in=public).values_list("pk", "name"))
    numbers: dict[int, int] = {}
    in_asks = (
        Post.objects.filter(
            board=board,
            state=Post.State.PUBLISHED,
            membership__ask__area__in=public,
            membership__ask__state__in=OPEN,
        )
        .order_by()
        .values_list("membership__ask__area")
        .annotate(number=Count("id"))
    )
    alone = (
        PlacementAttempt.objects.filter(
            area__in=public,
            post__board=board,
            post__state=Post.State.PUBLISHED,
            post__membership__isnull=True,
        )
        .order_by()
        .values_list("area")
        .annotate(number=Count("id"))
    )
    for pk, number in [*in_asks, *alone]:
        numbers[pk] = numbers.get(pk, 0) + number
    return _largest_first((public[pk], names[pk], number) for pk, number in numbers.items())


def posts_in(posts: QuerySet[Post], area: Area) -> QuerySet[Post]:
    """Return those of ``posts`` whose ask is in ``area``, or that stand near it without an ask."""
    return posts.filter(
        Q(membership__ask__area=area, membership__ask__state__in=OPEN)
        | Q(membership__isnull=True, placement__area=area)
    )


def _largest_first(rows: Iterable[tuple[str, str, int]]) -> list[AreaLink]:
    links = [AreaLink(public_id, name, number) for public_id, name, number in rows]
    return sorted(links, key=lambda link: (-link.number, link.name, link.public_id))
