"""Results as pages show them: on their own page, on an item's and on an ask's."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import caches
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from feedback.accounts.models import User
from feedback.asks.stages import Stage
from feedback.forum.models import Product
from feedback.forum.queries import Person
from feedback.roadmap import credits
from feedback.roadmap.models import ChangelogLine, Item, Report, ReportResponse
from feedback.roadmap.reports import queries, results
from feedback.roadmap.reports.effect import Effect, effects
from feedback.roadmap.reports.results import Verdict
from feedback.ui.templatetags.wording import ago

#: For so long results stand that nobody has changed: new posts may tell whether it worked.
_KEPT_SECONDS = 60
#: From so many people on, one more changes no figure that anybody sees.
_MANY = 2_000
#: A day so near is called by its weekday.
_THIS_WEEK = 7


@dataclass(frozen=True)
class Row:
    """One item of the release: what people say of it, and whether it worked."""

    verdict: Verdict
    effect: Effect


@dataclass(frozen=True)
class Award:
    """The item that people loved most, and whom it thanks."""

    verdict: Verdict
    credit: SafeString


def results_of(report: Report, *, now: dt.datetime) -> dict[str, Any]:
    """Return what the page of the results shows; worked out anew once somebody has sent something, and each minute.

    Everybody who watches on a Tuesday would else have all answers counted again every few seconds. Where many answer, it is
    worked out anew every ten seconds.
    """
    state = report.responses.aggregate(people=Count("pk"), last=Max("changed_at"))
    seen = (state["people"], state["last"]) if state["people"] < _MANY else now.timestamp() // 10
    key = (report.pk, seen, report.closed_at, get_language())
    found = caches["template_fragments"].get_or_set(
        "roadmap.report:" + ":".join(map(str, key)).replace(" ", "_"),
        lambda: _results_of(report, now=now),
        _KEPT_SECONDS,
    )
    return found or {}


def _results_of(report: Report, *, now: dt.datetime) -> dict[str, Any]:
    before = results.earlier(report)
    verdicts = results.item_results([report])[report.pk]
    verdicts.sort(key=lambda one: (not one.happy.is_known, -one.happy.share.low, one.item.pk))
    released_at = report.release.released_at or report.opens_at
    changed = effects([one.item for one in verdicts], released_at=released_at, now=now)
    groups = results.groups(report)
    return {
        "people": groups[0].people,
        "rows": [Row(verdict, changed[verdict.item.pk]) for verdict in verdicts],
        "award": _award(report, verdicts),
        "groups": groups if groups[0].people else [],
        "before": [
            (one, group)
            for one in before
            if (group := results.everyone(one, one.release.version)).people
        ],
        "waiting": results.waiting(report)[:5],
        "lines": results.lines_count(report),
    }


def _award(report: Report, verdicts: Sequence[Verdict]) -> Award | None:
    """Return who gets the popcorn, or who leads while the report is open."""
    if report.closed_at is None:
        first = results.most_loved(verdicts)
    else:
        first = next((one for one in verdicts if one.item.pk == report.award_id), None)
    if first is None:
        return None
    line = ChangelogLine.objects.filter(item=first.item).first()
    if line is None:
        return None
    return Award(first, credits.credited([line])[line.pk].credit)


@dataclass(frozen=True)
class Shipped:
    """What became of an item: "214 asked, shipped on Friday, 71% happy, 12% still broken"."""

    people_asked: int
    day: str
    verdict: Verdict
    has_award: bool
    results_url: str
    report_url: str


def shipped(items: Sequence[Item], *, now: dt.datetime) -> dict[int, Shipped]:
    """Return what became of those of ``items`` whose release has a report, by their ids."""
    lines = ChangelogLine.objects.filter(
        item__in=items, item__stage=Stage.SHIPPED, release__report__isnull=False
    ).select_related("release__product")
    found = list(lines)
    if not found:
        return {}
    verdicts = results.verdicts_on([line.item_id for line in found])
    reports = {
        report.release_id: report
        for report in Report.objects.filter(
            release__in={line.release_id for line in found}
        ).select_related("release__product")
    }
    return {
        line.item_id: _shipped(line, reports[line.release_id], verdicts[line.item_id], now)
        for line in found
    }


def _shipped(line: ChangelogLine, report: Report, verdict: Verdict, now: dt.datetime) -> Shipped:
    day, today = line.release.release_date, timezone.localdate(now)
    is_near = 0 <= (today - day).days < _THIS_WEEK
    return Shipped(
        people_asked=line.people_count,
        day=date_format(day, "l") if is_near else ago(day),
        verdict=verdict,
        has_award=report.award_id == line.item_id,
        results_url=report.results_address,
        report_url=report.address if report.is_open(now) else "",
    )


@dataclass(frozen=True)
class Invitation:
    """A report that is open, and whether its reader has sent it."""

    report: Report
    is_sent: bool


def invitations(product: Product | None, person: Person, *, now: dt.datetime) -> list[Invitation]:
    """Return the reports of ``product``, or of all, that are open, newest first."""
    return _invitations(list(queries.open_reports(product, now=now)), person)


def invitations_to(report: Report | None, person: Person, *, now: dt.datetime) -> list[Invitation]:
    """Return the invitation to ``report`` while it is open."""
    return _invitations([report] if report is not None and report.is_open(now) else [], person)


def _invitations(found: Sequence[Report], person: Person) -> list[Invitation]:
    if not found:
        return []
    sent: set[int] = set()
    if isinstance(person, User):
        responses = ReportResponse.objects.filter(person=person, report__in=found)
        sent = set(responses.values_list("report", flat=True))
    return [Invitation(report, report.pk in sent) for report in found]
