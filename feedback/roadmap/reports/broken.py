"""What people call broken becomes a proposal to look again, once for each ask and shipping."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db import transaction
from django.db.models import Max

from feedback.asks.locking import hold_grouping
from feedback.asks.models import Ask, Proposal
from feedback.asks.proposals.regressions import propose_still_broken
from feedback.asks.stages import Stage
from feedback.roadmap.models import Cell, Item, Report, ReportEntry
from feedback.roadmap.queries import asks_led_by, followed

#: What is written at the same moment may be seen a little later.
SETTLED = dt.timedelta(minutes=1)


def propose_what_is_broken(*, now: dt.datetime) -> int:
    """Make proposals of what people have called broken since the last look; return how many reports were looked at."""
    looked = 0
    for report in Report.objects.filter(closed_at__isnull=True).select_related("release__product"):
        last = report.responses.aggregate(at=Max("changed_at"))["at"]
        if last is None or (report.looked_at is not None and last + SETTLED < report.looked_at):
            continue
        propose_of(report, now=now)
        looked += 1
    return looked


@transaction.atomic
def propose_of(report: Report, *, now: dt.datetime) -> None:
    """Make a proposal of each shipped ask that is called broken in ``report``."""
    hold_grouping()
    people = broken_asks(report)
    version, product = report.release.version, report.release.product.slug
    said_in = {"version": version, "product": product}
    # Who has changed their mind takes their word back from what stands open.
    open_ones = Proposal.objects.filter(
        kind=Proposal.Kind.REGRESSION, state=Proposal.State.OPEN, evidence__report__version=version
    )
    before = open_ones.filter(ask__product=report.release.product_id).values_list("ask", flat=True)
    for ask in Ask.objects.public().filter(pk__in={*people, *before}).order_by("pk"):
        propose_still_broken(ask=ask, people=people.get(ask.pk, ()), report=said_in, now=now)
    Report.objects.filter(pk=report.pk).update(looked_at=now)


def broken_asks(report: Report) -> Mapping[int, Collection[int]]:
    """Return the shipped asks that are called broken in ``report``, by item or by line, with the ids of who says so."""
    named = ReportEntry.objects.filter(response__report=report, cell=Cell.BROKEN)
    rows = list(named.values_list("item", "ask", "response__person"))
    items = Item.objects.in_bulk({item for item, _, _ in rows if item is not None})
    asks_of = {pk: [ask.pk for ask in asks_led_by(item)] for pk, item in items.items()}
    became = followed({ask for _, ask, _ in rows if ask is not None})
    people: dict[int, set[int]] = defaultdict(set)
    for item, ask, person in rows:
        for pk in asks_of.get(item, ()):
            people[pk].add(person)
        if ask is not None:
            people[became[ask]].add(person)
    shipped = Ask.objects.public().filter(pk__in=people, stage=Stage.SHIPPED)
    return {pk: people[pk] for pk in shipped.values_list("pk", flat=True)}
