"""What waits for a decision: the order of the inbox, and what narrows it."""

import datetime as dt
import math
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Avg, Count, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.asks.models import Membership, Proposal
from feedback.forum.models import Board, Product

#: What waits because a person spoke comes before what the machine found.
FIRST = (Proposal.Kind.CONTEST, Proposal.Kind.REGRESSION)
LATER = "later"
#: Whose proposals: the reader's, or those that nobody has.
ME, NOBODY = "me", "nobody"
WHOSE = (ME, NOBODY)
SIZES = (5, 20, 100)
#: Days since a proposal was made.
NEWNESS = (1, 7, 30)
#: A proposal with twice the people, or twice as sure, stands as high as one whose posts are this much newer.
DOUBLING = dt.timedelta(days=60)
#: From which asking on down posts vent, where they do nothing else, and how many doublings lower such a group stands.
VENTING = (-0.2, -0.6, 2.0)
#: How sure a proposal is taken to be that says nothing of it.
UNSURE = 0.5


@dataclass(frozen=True)
class Wish:
    """What of the inbox somebody wants to see; it stands in the address, so that it can be kept and sent."""

    kind: str = ""
    board: str = ""
    size: int = 0
    days: int = 0
    #: `ME`, `NOBODY`, or "" for everybody's.
    whose: str = ""
    #: The primary key of whoever wishes, which the address does not say.
    reader: int = 0

    @classmethod
    def read(cls, query: QueryDict, *, reader: int = 0) -> "Wish":
        """Return the wish of an address; what is none of the choices narrows nothing."""
        kind = query.get("kind", "")
        return cls(
            kind=kind if kind in Proposal.Kind.values or kind == LATER else "",
            board=query.get("board", "")[:50].replace("\0", ""),
            size=_one_of(query.get("size", ""), SIZES),
            days=_one_of(query.get("days", ""), NEWNESS),
            whose=query.get("whose", "") if query.get("whose", "") in WHOSE else "",
            reader=reader,
        )

    @property
    def query(self) -> str:
        """The part of an address that keeps the wish, "" for everything."""
        said = {
            "kind": self.kind,
            "board": self.board,
            "size": self.size,
            "days": self.days,
            "whose": self.whose,
        }
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def is_narrow(self) -> bool:
        """Whether it leaves something out besides kinds."""
        return bool(self.board or self.size or self.days or self.whose)

    def address(self, home: str) -> str:
        """Return ``home`` with the wish behind it."""
        return f"{home}?{self.query}" if self.query else home


def wish_of(request: HttpRequest) -> Wish:
    """Return what the address of ``request`` wishes for whoever asks."""
    return Wish.read(request.GET, reader=request.user.pk or 0)


def _one_of(written: str, choices: tuple[int, ...]) -> int:
    return next((one for one in choices if str(one) == written), 0)


def waiting(product: Product, wish: Wish, *, now: dt.datetime) -> QuerySet[Proposal]:
    """Return the open proposals of ``product`` that ``wish`` asks for, in no order."""
    found = Proposal.objects.filter(ask__product=product, state=Proposal.State.OPEN)
    aside = Q(later_until__gt=now)
    found = found.filter(aside) if wish.kind == LATER else found.exclude(aside)
    if wish.kind and wish.kind != LATER:
        found = found.filter(kind=wish.kind)
    if wish.board:
        on_board = Membership.objects.filter(post__board__slug=wish.board).values("ask")
        found = found.filter(Q(ask__in=on_board) | Q(post__board__slug=wish.board))
    if wish.size:
        found = found.filter(people_count__gte=wish.size)
    if wish.whose == NOBODY:
        found = found.filter(owner=None)
    elif wish.whose == ME:
        found = found.filter(owner=wish.reader)
    if wish.days:
        found = found.filter(proposed_at__gte=now - dt.timedelta(days=wish.days))
    return found


def rank(
    *, people: int, sure: float | None, newest: dt.datetime, asking: float | None = None
) -> float:
    """Return how high a proposal stands: people touched times how sure times how new, less where its posts hardly ask.

    As with posts, age enters as the time of the newest post and never changes. Counted in doublings. ``asking`` is that of
    the ask: words of mood and praise are like each other, and make large groups that want nothing.
    """
    certainty = min(1.0, max(0.01, UNSURE if sure is None else sure))
    age = newest.timestamp() / DOUBLING.total_seconds()
    first, last, most = VENTING
    venting = min(1.0, max(0.0, (first - (asking or 0.0)) / (first - last)))
    return age + math.log2(1 + people) + math.log2(certainty) - most * venting


def ranked(product: Product, wish: Wish, *, now: dt.datetime) -> list[int]:
    """Return the ids of what waits, best first; two queries."""
    found = waiting(product, wish, now=now)
    new_asks = found.filter(kind=Proposal.Kind.NEW_ASK).values("ask")
    held = Membership.objects.filter(ask__in=new_asks).order_by()
    sure = dict(held.values_list("ask").annotate(mean=Avg("score")))
    rows = found.values_list(
        "pk", "kind", "people_count", "ask", "ask__last_post_at", "proposed_at", "ask__asking"
    )

    def place(row: Any) -> tuple[bool, float, int]:
        pk, kind, people, ask, newest, proposed_at, asking = row
        is_new = kind == Proposal.Kind.NEW_ASK
        height = rank(
            people=people,
            sure=sure.get(ask) if is_new else None,
            newest=newest or proposed_at,
            asking=asking if is_new else None,
        )
        return kind not in FIRST, -height, pk

    return [row[0] for row in sorted(rows, key=place)]


def rows_of(ids: list[int]) -> list[Proposal]:
    """Return the proposals of ``ids`` in that order, with what their rows show."""
    found = Proposal.objects.select_related("ask__product", "other_ask", "post", "owner").in_bulk(
        ids
    )
    return [found[pk] for pk in ids if pk in found]


def kind_tabs(
    product: Product, wish: Wish, *, now: dt.datetime
) -> list[tuple[str, str, bool, int]]:
    """Return the kinds that wait, each with its address and number."""
    home = reverse("desk:inbox")

    def of(kind: str) -> Wish:
        return replace(wish, kind=kind)

    kinds = waiting(product, of(""), now=now).values_list("kind")
    counts = dict(kinds.annotate(number=Count("id")))
    later = waiting(product, of(LATER), now=now).count()
    tabs = [(of("").address(home), _("All"), not wish.kind, sum(counts.values()))]
    tabs += [
        (of(value).address(home), str(label), wish.kind == value, counts[value])
        for value, label in Proposal.Kind.choices
        if counts.get(value)
    ]
    if later:
        tabs.append((of(LATER).address(home), _("Later"), wish.kind == LATER, later))
    return tabs


def choices(product: Product, wish: Wish) -> dict[str, Any]:
    """Return what the inbox can be narrowed to."""
    sizes = [
        (n, ngettext("%(n)d person or more", "%(n)d people or more", n) % {"n": n}) for n in SIZES
    ]
    newness = [
        (n, ngettext("Since yesterday", "In the last %(n)d days", n) % {"n": n}) for n in NEWNESS
    ]
    return {
        "wish": wish,
        "boards": list(Board.objects.filter(product=product).order_by("position", "id")),
        "sizes": sizes,
        "newness": newness,
    }
