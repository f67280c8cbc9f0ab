"""What grows and fades by version and by device, with the asks."""

from dataclasses import dataclass

from feedback.asks.models import OPEN, Ask
from feedback.desk.trends.notable import SHOWN
from feedback.forum.models import Product
from feedback.kernel import clock
from feedback.measure.alerts.by_part import Moved, Part, by_part


@dataclass(frozen=True)
class PartRow:
    """One ask that grows or fades in one version, or on one device."""

    part: Part
    name: str
    moved: Moved
    ask: Ask


def parts_of(product: Product) -> list[PartRow]:
    """Return what moved by version and by device, as rows; one query beside the look itself."""
    found = by_part(product, now=clock.now())
    asks = Ask.objects.filter(state__in=OPEN).in_bulk(
        {moved.ask_id for one in found for moved in one.moved}
    )
    rows = []
    for one in found:
        live = [moved for moved in one.moved if moved.ask_id in asks]
        growing = [moved for moved in live if moved.is_growing]
        fading = [moved for moved in live if not moved.is_growing]
        shown = [*growing[:SHOWN], *fading[:SHOWN]]
        rows += [PartRow(one.part, one.name, moved, asks[moved.ask_id]) for moved in shown]
    return rows
