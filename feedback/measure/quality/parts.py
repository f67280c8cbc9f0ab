"""How good the grouping is on each board and in each of the last weeks."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from django.core.cache import caches
from django.db.models import Count, QuerySet

from feedback.asks.models import Decision
from feedback.engine.stats.intervals import Stratum
from feedback.forum.models import Board, Post, Product
from feedback.kernel.batches import batches
from feedback.measure.judging.queries import grouped_by_machine, judgements_of
from feedback.measure.models import Judgement
from feedback.measure.quality.queries import Measure, Said, cases, measure

#: Weeks that are shown.
WEEKS = 8
_KEPT_SECONDS = 300
Kind = Judgement.Kind


@dataclass
class Part:
    """What people said of the machine's work on one board or in one week. ``right`` and ``judged`` are of a random sample.

    ``looked_at`` were confirmed or changed by the team, ``changed`` left their ask so, ``contested`` by their author.
    """

    board: Board | None = None
    monday: dt.date | None = None
    posts: int = 0
    right: Measure = field(default_factory=lambda: measure([]))
    looked_at: int = 0
    changed: int = 0
    contested: int = 0

    @property
    def corrected(self) -> float | None:
        """The share of those looked at that was changed, 0 to 1."""
        return self.changed / self.looked_at if self.looked_at else None

    @property
    def says_anything(self) -> bool:
        return bool(self.right.judged or self.looked_at or self.contested)


def by_board(product: Product, model_key: str, done: Sequence[Said]) -> list[Part]:
    """Return how good the grouping is on each board of ``product`` that has posts in asks, in the boards' order.

    ``done`` is what people did to the machine's memberships: `queries.cases`.
    """
    sizes = Counter(
        dict(
            grouped_by_machine(product)
            .order_by()
            .values_list("post__board")
            .annotate(count=Count("pk"))
        )
    )
    said = _said(product, model_key, "post__board")
    boards_of = _boards_of({one.post for one in done})
    seen: dict[str, dict[int, set[Hashable]]] = {
        what: defaultdict(set) for what in ("seen", "gone", "contested")
    }
    for one in done:
        if one.post in boards_of:
            seen[one.what][boards_of[one.post]].add((one.post, one.ask))
    return [
        Part(
            board=board,
            posts=sizes[board.pk],
            right=_measure(said, board.pk, sizes[board.pk]),
            looked_at=len(seen["seen"][board.pk]),
            changed=len(seen["gone"][board.pk]),
            contested=len(seen["contested"][board.pk]),
        )
        for board in Board.objects.filter(product=product, is_grouped=True)
        if sizes[board.pk]
    ]


def by_week(
    product: Product, model_key: str, done: Sequence[Said], *, now: dt.datetime
) -> list[Part]:
    """Return what people said in each of the last `WEEKS` weeks, the present one first; ``done`` as in `by_board`."""
    today = now.astimezone(dt.UTC).date()
    this = today - dt.timedelta(days=today.weekday())
    weeks = [this - dt.timedelta(weeks=n) for n in range(WEEKS)]
    judged: Counter[tuple[object, str]] = Counter()
    start = dt.datetime.combine(weeks[-1], dt.time(), dt.UTC)
    rows = _judged(product, model_key).filter(judged_at__gte=start)
    for at, verdict in rows.values_list("judged_at", "verdict"):
        judged[_monday(at), verdict] += 1
    parts = {monday: Part(monday=monday) for monday in weeks}
    for monday, part in parts.items():
        part.right = _measure(judged, monday, 0)
    counted: dict[str, set[Hashable]] = defaultdict(set)
    for one in done:
        part = parts.get(_monday(one.at), Part())
        key = (part.monday, one.post, one.ask)
        if key in counted[one.what]:
            continue
        counted[one.what].add(key)
        part.contested += one.what == "contested"
        part.changed += one.what == "gone"
        part.looked_at += one.what == "seen"
    return list(parts.values())


def parts_of(
    product: Product, model_key: str, *, now: dt.datetime
) -> tuple[list[Part], list[Part]]:
    """Return `by_board` and `by_week`, kept for as long as nobody decides or judges: they read every decision there was."""
    decided = Decision.objects.filter(ask__product=product).aggregate(
        all=Count("pk"), undone=Count("undone_at")
    )
    judged = judgements_of(product).count()
    key = f"measure.parts:{product.pk}:{model_key}:{decided['all']}:{decided['undone']}:{judged}:{now.date()}"
    kept: tuple[list[Part], list[Part]] | None = caches["template_fragments"].get(key)
    if kept is None:
        done = cases(product)
        kept = by_board(product, model_key, done), by_week(product, model_key, done, now=now)
        caches["template_fragments"].set(key, kept, _KEPT_SECONDS)
    return kept


def _monday(at: dt.datetime) -> dt.date:
    day = at.astimezone(dt.UTC).date()
    return day - dt.timedelta(days=day.weekday())


def _judged(product: Product, model_key: str) -> QuerySet[Judgement]:
    kinds = [Kind.MEMBERSHIP, Kind.PLACEMENT]
    judged = judgements_of(product).filter(kind__in=kinds, model_key=model_key)
    return judged.exclude(verdict=Judgement.Verdict.UNSURE).order_by()


def _said(product: Product, model_key: str, by: str) -> Counter[tuple[object, str]]:
    rows = _judged(product, model_key).values_list(by, "verdict").annotate(count=Count("pk"))
    return Counter({(thing, verdict): count for thing, verdict, count in rows})


def _measure(said: Counter[tuple[object, str]], thing: object, size: int) -> Measure:
    same = said[thing, Judgement.Verdict.SAME]
    return measure([Stratum(size, same + said[thing, Judgement.Verdict.OTHER], same)])


def _boards_of(posts: set[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for some in batches(posts):
        found.update(Post.objects.filter(pk__in=some).values_list("pk", "board"))
    return found
