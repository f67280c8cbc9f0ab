"""The Tuesday list: what of a week's work there is, each part at most seven asks with a link to all of them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from feedback.asks.models import OPEN, Ask, Proposal
from feedback.asks.proposals.rises import not_notable, noted
from feedback.asks.table.wanted import Wanted
from feedback.desk.trends.notable import notable
from feedback.forum.models import Product
from feedback.measure.alerts.fading import fading
from feedback.measure.alerts.queries import watch
from feedback.roadmap.promises.asks import promised_asks

#: Asks of each part.
MOST = 7
WEEK = 7


@dataclass(frozen=True)
class Part:
    """One part: its name, its first asks with what there is to say of each, how many there are, and where all stand."""

    key: str
    name: str
    lines: Sequence[tuple[Ask, str]]
    number: int
    url: str

    @property
    def more(self) -> int:
        """How many are not shown."""
        return max(0, self.number - len(self.lines))


@dataclass(frozen=True)
class Week:
    """The parts that hold anything, and the names of those that do not."""

    parts: list[Part]
    empty: list[str]


def week_of(product: Product, *, now: dt.datetime) -> Week:
    """Return the Tuesday list of ``product``."""
    on_roadmap = promised_asks(product, today=now.date())
    parts = [
        _new(product, now, _("New"), "public"),
        _new(product, now, _("Newly proposed"), "proposed"),
        _noted(product, now),
        _growing(product, now),
        _contested(product),
        _named("promised", _("Promised"), set(on_roadmap.promised), Wanted(promised="yes")),
        _named(
            "late", pgettext("of a promise", "Late"), set(on_roadmap.late), Wanted(promised="late")
        ),
        _fading(product, now),
    ]
    return Week([one for one in parts if one.number], [one.name for one in parts if not one.number])


def _table(wanted: Wanted) -> str:
    return f"{reverse('desk:ask-list')}?{wanted.query}"


def _people(ask: Ask) -> str:
    return ngettext("%(n)d person", "%(n)d people", ask.people_count) % {"n": ask.people_count}


def _first(asks: QuerySet[Ask]) -> list[tuple[Ask, str]]:
    most_wanted = asks.order_by("-people_count", "pk")[:MOST]
    return [(ask, _people(ask)) for ask in most_wanted]


def _new(product: Product, now: dt.datetime, name: str, state: str) -> Part:
    """Return the asks of the week in one state of the table, where its link leads."""
    wanted = Wanted(state=state, younger=str(WEEK))
    since = now - dt.timedelta(days=WEEK)
    asks = Ask.objects.filter(product=product, state=state.upper(), created_at__gte=since)
    key = "new" if state == "public" else state
    return Part(key, name, _first(asks), asks.count(), _table(wanted))


def _growing(product: Product, now: dt.datetime) -> Part:
    said_no = not_notable(product, now=now)
    rows = [
        row
        for row in notable(watch(product, now=now).growth)
        if row.low >= 1 and row.ask_id not in said_no
    ]
    asks = Ask.objects.in_bulk([row.ask_id for row in rows])
    lines = [
        (asks[row.ask_id], _("×%(times).1f against the board, %(people)s")
        % {"times": row.ratio, "people": _people(asks[row.ask_id])})
        for row in rows
        if row.ask_id in asks
    ]  # fmt: skip
    return Part("growing", _("Growing"), lines[:MOST], len(lines), reverse("desk:trends"))


def _noted(product: Product, now: dt.datetime) -> Part:
    """What somebody of the team put onto the list from the inbox."""
    ids = noted(product, since=now - dt.timedelta(days=WEEK))
    asks = Ask.objects.filter(state__in=OPEN).in_bulk(ids)
    lines = [(asks[pk], _people(asks[pk])) for pk in ids if pk in asks]
    name = pgettext("asks that grew or burst", "Called notable")
    return Part("noted", name, lines[:MOST], len(lines), reverse("desk:trends"))


def _contested(product: Product) -> Part:
    kind = Proposal.Kind.CONTEST
    waiting = Proposal.objects.filter(ask__product=product, kind=kind, state=Proposal.State.OPEN)
    asks = Ask.objects.filter(pk__in=waiting.order_by().values("ask"))
    url = f"{reverse('desk:inbox')}?kind={kind}"
    return Part("contested", _("Contested"), _first(asks), asks.count(), url)


def _named(key: str, name: str, ids: set[int], wanted: Wanted) -> Part:
    asks = Ask.objects.filter(pk__in=ids, state=Ask.State.PUBLIC)
    return Part(key, name, _first(asks), asks.count(), _table(wanted))


def _fading(product: Product, now: dt.datetime) -> Part:
    rows = fading(product, now=now)
    lines = [
        (
            row.ask,
            _("Posts: %(now)d in four weeks, %(past)d in the sixteen before")
            % {"now": row.posts, "past": row.past},
        )
        for row in rows
    ]
    return Part("fading", _("Fading"), lines[:MOST], len(lines), reverse("desk:trends"))
