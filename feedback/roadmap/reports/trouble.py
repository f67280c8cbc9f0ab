"""The team's list of Tuesday: what people call broken, or not good enough yet, most people first, with their words."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from feedback.asks.models import Ask, Proposal
from feedback.forum.models import Product
from feedback.forum.products.queries import within
from feedback.roadmap.models import Cell, Item, Report, ReportEntry
from feedback.roadmap.queries import followed, items_of
from feedback.roadmap.reports.queries import items_in
from feedback.roadmap.reports.results import Figure, figure

#: Reports that the desk leads back to.
LAST = 6


@dataclass
class Trouble:
    """An item or an ask that troubles people: how many call it broken, of all who filled in the report."""

    item: Item | None
    ask: Ask | None
    broken: int = 0
    needs_work: int = 0
    share: Figure = field(default_factory=lambda: figure(0, 0))
    lines: list[ReportEntry] = field(default_factory=list)
    proposal: Proposal | None = None


def reports_of(product: Product | None) -> list[Report]:
    """Return the last reports of ``product``, newest first."""
    found = Report.objects.filter(within(product, "release__product"))
    return list(found.select_related("release__product").order_by("-opens_at", "-pk")[:LAST])


def troubles(report: Report) -> list[Trouble]:
    """Return what troubles the people of ``report``: broken for most people first, then what needs work."""
    entries = (
        ReportEntry.objects.filter(response__report=report, cell__in=[Cell.BROKEN, Cell.NEEDS_WORK])
        .exclude(item=None, ask=None)
        .select_related("item", "response__person")
        .order_by("pk")
    )
    named = list(entries)
    became = followed({entry.ask_id for entry in named if entry.ask_id is not None})
    asks = Ask.objects.in_bulk(set(became.values()))
    on_board = {item.pk for item in items_in(report)}
    answers = {
        pk: item for pk, item in items_of(list(asks.values())).items() if item.pk in on_board
    }
    people: dict[tuple[int | None, int | None], dict[int, str]] = defaultdict(dict)
    found: dict[tuple[int | None, int | None], Trouble] = {}
    for entry in named:
        ask = asks.get(became.get(entry.ask_id or 0, 0))
        item = entry.item or (answers.get(ask.pk) if ask is not None else None)
        key: tuple[int | None, int | None]
        key = (item.pk, None) if item is not None else (None, ask.pk if ask is not None else None)
        one = found.setdefault(key, Trouble(item, None if item is not None else ask))
        if people[key].get(entry.response_id) != Cell.BROKEN:
            people[key][entry.response_id] = entry.cell
        if entry.text:
            one.lines.append(entry)
    everyone = report.responses.count()
    for key, one in found.items():
        cells = Counter(people[key].values())
        one.broken, one.needs_work = cells[Cell.BROKEN], cells[Cell.NEEDS_WORK]
        one.share = figure(one.broken, everyone)
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
    for line in lines:
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
