"""How well a product's asks are answered, by the board they are on and by who owns them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median

from django.core.cache import caches
from django.db.models import Count

from feedback.accounts.models import User
from feedback.asks.coverage import asked_at
from feedback.asks.models import Ask, Membership
from feedback.forum.models import Board, Post, Product
from feedback.measure.models import ProductWishes

#: Which products keep it to themselves is read once in so many seconds, not for every page that has a link to it.
_HIDDEN, _HIDDEN_SECONDS = "measure.hidden-coverage", 60


@dataclass
class Part:
    """The public asks of one board, of one owner, or of all. ``median_wait`` is None while none of them is answered."""

    thing: Board | User | None
    public: int = 0
    promised: int = 0
    late: int = 0
    waits: list[float] = field(default_factory=list)
    oldest: tuple[dt.datetime, int] | None = None
    oldest_unanswered: Ask | None = None

    @property
    def answered(self) -> int:
        return len(self.waits)

    @property
    def unanswered(self) -> int:
        return self.public - self.answered

    @property
    def share(self) -> float | None:
        """The share of them that is answered, 0 to 1."""
        return self.answered / self.public if self.public else None

    @property
    def median_days(self) -> int | None:
        """Whole days that half of the answered ones waited at most."""
        return round(max(median(self.waits), 0) / 86_400) if self.waits else None


@dataclass(frozen=True)
class Parts:
    """The same asks together, by board and by owner, the most asks first; those without an owner last."""

    whole: Part
    boards: list[Part]
    owners: list[Part]


def coverage_parts(product: Product, *, promised: Collection[int], late: Collection[int]) -> Parts:
    """Return how well the public asks of ``product`` are answered; a few queries.

    ``promised`` and ``late`` are what the roadmap says of asks: their ids. An ask is of the board that most of its posts
    are on.
    """
    whole, by_board, by_owner = Part(None), _Parts(), _Parts()
    homes = _home_boards(product)
    rows = Ask.objects.public().filter(product=product)
    fields = ("pk", "owner", "answered_at", "confirmed_at", "first_post_at")
    for pk, owner, answered, confirmed, first in rows.values_list(*fields).iterator():
        for part in (whole, by_board[homes.get(pk)], by_owner[owner]):
            part.public += 1
            part.promised += pk in promised
            part.late += pk in late
            if confirmed is None:
                continue
            if answered is not None:
                since = asked_at(answered, confirmed, first or confirmed)
                part.waits.append((answered - since).total_seconds())
            elif part.oldest is None or (confirmed, pk) < part.oldest:
                part.oldest = (confirmed, pk)
    boards = Board.objects.in_bulk([pk for pk in by_board if pk is not None])
    owners = User.objects.in_bulk([pk for pk in by_owner if pk is not None])
    found = Parts(whole, _sorted(by_board, boards), _sorted(by_owner, owners))
    _read_oldest([whole, *found.boards, *found.owners])
    return found


class _Parts(defaultdict[int | None, Part]):
    def __init__(self) -> None:
        super().__init__(lambda: Part(None))


def _sorted(parts: Mapping[int | None, Part], things: Mapping[int, Board | User]) -> list[Part]:
    for pk, part in parts.items():
        part.thing = things.get(pk) if pk is not None else None
    return sorted(
        parts.values(), key=lambda part: (part.thing is None, -part.public, str(part.thing))
    )


def _home_boards(product: Product) -> dict[int, int]:
    """Return the board of each public ask that most of its posts are on; of equals the older board."""
    shown = Membership.objects.filter(
        ask__product=product, ask__state=Ask.State.PUBLIC, post__state=Post.State.PUBLISHED
    )
    most: dict[int, tuple[int, int]] = {}
    counted = shown.order_by().values_list("ask", "post__board").annotate(count=Count("pk"))
    for ask, board, number in counted:
        most[ask] = max(most.get(ask, (0, 0)), (number, -board))
    return {ask: -board for ask, (_number, board) in most.items()}


def _read_oldest(parts: Iterable[Part]) -> None:
    wanted = {part.oldest[1] for part in parts if part.oldest is not None}
    asks = Ask.objects.in_bulk(wanted)
    for part in parts:
        part.oldest_unanswered = asks.get(part.oldest[1]) if part.oldest is not None else None


def keeps_coverage_in(product: Product) -> bool:
    """Whether the team of ``product`` keeps to itself how well it answers."""
    return ProductWishes.objects.filter(product=product, shows_coverage=False).exists()


def hidden_coverage() -> frozenset[int]:
    """Return the ids of the products that keep it to themselves, as they were a minute ago at most."""
    cache = caches["template_fragments"]
    kept = cache.get(_HIDDEN)
    if not isinstance(kept, frozenset):
        hidden = ProductWishes.objects.filter(shows_coverage=False)
        kept = frozenset(hidden.values_list("product", flat=True))
        cache.set(_HIDDEN, kept, _HIDDEN_SECONDS)
    return kept


def forget_hidden() -> None:
    """Have this process read anew which products keep it to themselves."""
    caches["template_fragments"].delete(_HIDDEN)
