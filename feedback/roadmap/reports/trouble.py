"""The team's list of Tuesday: what people call broken, or not good enough yet, most people first, with their words."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from feedback.asks.models import Ask, Proposal
from feedback.asks.queries import sources_of
from feedback.asks.stages import Stage
from feedback.forum.models import Product
from feedback.forum.products.queries import within
from feedback.roadmap.models import Cell, Item, Report, ReportEntry
from feedback.roadmap.queries import followed, items_of
from feedback.roadmap.reports.queries import items_in
from feedback.roadmap.reports.results import Figure, figure

#: Reports that the desk leads back to.
LAST = 6
#: Lines that one page shows.
MOST_LINES = 500

#: The ids of an item or an ask, of which one is meant.
_Subject = tuple[int | None, int | None]


@dataclass
class Trouble:
    """An item or an ask that troubles people: how many call it broken, of all who filled in the report."""

    item: Item | None
    ask: Ask | None
    broken: int
    needs_work: int
    share: Figure
    lines: list[ReportEntry] = field(default_factory=list)
    proposal: Proposal | None = None


def reports_of(product: Product | None) -> list[Report]:
    """Return the last reports of ``product``, newest first."""
    found = Report.objects.filter(within(product, "release__product"))
    return list(found.select_related("release__product").order_by("-opens_at", "-pk")[:LAST])


def troubles(report: Report) -> list[Trouble]:
    """Return what troubles the people of ``report``: broken for most people first, then what needs work."""
    named = ReportEntry.objects.filter(
        response__report=report, cell__in=[Cell.BROKEN, Cell.NEEDS_WORK]
    ).exclude(item=None, ask=None)
    rows = list(named.values_list("item", "ask", "response", "cell"))
    became = followed({ask for _, ask, _, _ in rows if ask is not None})
    items = {item.pk: item for item in items_in(report)}
    asks = Ask.objects.in_bulk(set(became.values()))
    answered = {pk: item.pk for pk, item in items_of(list(asks.values())).items()}

    def subject(item: int | None, ask: int | None) -> _Subject:
        """Return what is meant: an item of the release, also by an ask that it answers, or else an ask."""
        now = became[ask] if ask is not None else None
        item = item or answered.get(now or 0)
        return (item, None) if item in items else (None, now)

    cells: dict[_Subject, dict[int, str]] = defaultdict(dict)
    for item, ask, response, cell in rows:
        if cells[subject(item, ask)].get(response) != Cell.BROKEN:
            cells[subject(item, ask)][response] = cell
    everyone = report.responses.count()
    found: dict[_Subject, Trouble] = {}
    for key, said in cells.items():
        on_board, wanted = items.get(key[0] or 0), asks.get(key[1] or 0)
        if on_board is None and wanted is None:
            continue
        count = Counter(said.values())
        found[key] = Trouble(
            item=on_board,
            ask=wanted,
            broken=count[Cell.BROKEN],
            needs_work=count[Cell.NEEDS_WORK],
            share=figure(count[Cell.BROKEN], everyone),
        )
    lines = named.exclude(text="").select_related("response__person").order_by("pk")
    for line in lines[:MOST_LINES]:
        if (one := found.get(subject(line.item_id, line.ask_id))) is not None:
            one.lines.append(line)
    _find_proposals(found.values())
    return sorted(found.values(), key=lambda one: (-one.broken, -one.needs_work, -len(one.lines)))


def _find_proposals(rows: Collection[Trouble]) -> None:
    """Give each row the proposal to look at its ask again, where there is one."""
    asks_of: dict[int, list[Trouble]] = defaultdict(list)
    items = {one.item.pk: one for one in rows if one.item is not None}
    for item, ask in Ask.objects.filter(items__in=items).values_list("items", "pk"):
        asks_of[ask].append(items[item])
    for one in rows:
        if one.ask is not None:
            asks_of[one.ask.pk].append(one)
    raised = Proposal.objects.filter(kind=Proposal.Kind.REGRESSION, ask__in=asks_of)
    for proposal in raised.order_by("pk"):
        for one in asks_of[proposal.ask_id]:
            one.proposal = proposal


def unmatched(report: Report) -> Mapping[str, list[ReportEntry]]:
    """Return the lines of ``report`` that point at nothing, by cell, in the order of the cells."""
    lines = (
        ReportEntry.objects.filter(response__report=report, item=None, ask=None)
        .select_related("response__person")
        .order_by("pk")
    )
    found: dict[str, list[ReportEntry]] = {cell: [] for cell in reversed(Cell)}
    for line in lines[:MOST_LINES]:
        found[line.cell].append(line)
    return found


def lines_on(ask: Ask, version: str) -> list[ReportEntry]:
    """Return what people wrote of ``ask`` as broken in the report on ``version``."""
    return list(
        ReportEntry.objects.filter(
            response__report__release__version=version,
            response__report__release__product=ask.product_id,
            cell=Cell.BROKEN,
            ask=ask,
        )
        .exclude(text="")
        .select_related("response__person")
        .order_by("pk")
    )


def said_after(ask: Ask, *, limit: int) -> list[ReportEntry]:
    """Return the last that people wrote in reports of ``ask`` since it shipped, or of the item that answers it, newest first."""
    if ask.stage != Stage.SHIPPED or ask.stage_changed_at is None:
        return []
    since = Q(response__report__opens_at__gte=ask.stage_changed_at)
    about = Q(ask__in=list(sources_of([ask.pk]))) & since
    item = items_of([ask]).get(ask.pk)
    if item is not None:
        about |= Q(item=item)
    lines = ReportEntry.objects.filter(about).exclude(text="").exclude(cell=Cell.WAITING_FOR)
    return list(lines.select_related("response__person").order_by("-pk")[:limit])
