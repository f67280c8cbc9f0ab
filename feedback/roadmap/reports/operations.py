"""Writing in reports: a report opens and closes with the clock, and a person says in it how a release turned out."""

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_team
from feedback.accounts.restrictions import refuse_agent
from feedback.asks.models import Ask
from feedback.asks.queries import resolve
from feedback.asks.stages import Stage
from feedback.asks.voting import vote_ask
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal
from feedback.roadmap import lengths
from feedback.roadmap.models import (
    Cell,
    Item,
    Release,
    Report,
    ReportEntry,
    ReportResponse,
    StopDay,
)
from feedback.roadmap.models.reports import VERDICTS
from feedback.roadmap.queries import item_of
from feedback.roadmap.reports import queries, results, timetable
from feedback.roadmap.reports.broken import propose_of
from feedback.roadmap.stops import Stop

#: Whoever pressed "send" in the last moment is through by then.
GRACE = dt.timedelta(minutes=1)


class ReportClosed(Refusal):
    """The report is not open, or not any more."""


@dataclass(frozen=True)
class Said:
    """One thing that a person says in a cell: an item, an ask, or a line, which may point at an ask."""

    cell: str
    item: Item | None = None
    ask: Ask | None = None
    text: str = ""


# --- With the clock -----------------------------------------------------------------------------------------
def open_due_reports(*, now: dt.datetime) -> list[Report]:
    """Open the report of every release whose day has come; return those that this call opened.

    A release that shipped nothing has none, and neither has one whose report would be over by now: what was brought from
    elsewhere left long ago.
    """
    return [
        report
        for release in queries.releases_without_report(now=now)
        if (at := timetable.opens_at(release)) <= now < at + timetable.OPEN_FOR
        if (report := open_report(release=release, now=now)) is not None
    ]


@transaction.atomic
def open_report(*, release: Release, now: dt.datetime) -> Report | None:
    """Open the report of ``release``; return None where there is one. Those who use it or asked for it are told."""
    report, is_new = Report.objects.get_or_create(
        release=release, defaults={"opens_at": now, "closes_at": now + timetable.OPEN_FOR}
    )
    if not is_new:
        return None
    if release.stop == Stop.RELEASED:
        release.stop, release.stop_changed_at = Stop.REPORT, now
        release.save(update_fields=["stop", "stop_changed_at"])
        StopDay.objects.filter(release=release, stop=Stop.REPORT).update(reached_at=now)
    _record(Verb.REPORT_OPENED, report, now=now)
    return report


def close_due_reports(*, now: dt.datetime) -> list[Report]:
    """Give the award of every report whose time is over, and have its results told; return those that this call closed."""
    over = Report.objects.filter(closed_at__isnull=True, closes_at__lte=now - GRACE)
    over = over.select_related("release__product")
    return [report for report in over if close_report(report, now=now)]


@transaction.atomic
def close_report(report: Report, *, now: dt.datetime) -> bool:
    """Close ``report``; return whether this call did. What was called broken last is proposed before."""
    propose_of(report, now=now)
    loved = results.most_loved(results.item_results([report])[report.pk])
    report.award = loved.item if loved is not None else None
    report.closed_at = now
    if not Report.objects.filter(pk=report.pk, closed_at__isnull=True).update(
        closed_at=now, award=report.award
    ):
        return False
    award = {"item": loved.item.public_id, "title": loved.item.title} if loved is not None else {}
    people = report.responses.count()
    _record(Verb.REPORT_CLOSED, report, now=now, people=people, **award)
    return True


def _record(verb: Verb, report: Report, *, now: dt.datetime, **more: object) -> None:
    release = report.release
    journal.write(
        verb=verb,
        subject=release,
        actor_id=None,
        now=now,
        data={"version": release.version, "product": release.product.slug, **more},
    )


# --- By people ----------------------------------------------------------------------------------------------
@transaction.atomic
def send_report(
    *, report: Report, person: User, said: Sequence[Said], now: dt.datetime
) -> ReportResponse:
    """Keep what ``person`` says in ``report``, instead of what they said before.

    Raises `ReportClosed` before it opens and once it is over, `Refusal` where nothing is said, where an item stands in
    two cells or is not one of the release's, and for a line that is too long. Lock contract: the person's own row.
    """
    if not person.is_active:
        raise PermissionDenied
    refuse_agent(person)
    _check_open(report, now)
    entries = _entries(report, said)
    response, is_new = ReportResponse.objects.get_or_create(
        report=report, person=person, defaults={"sent_at": now, "changed_at": now}
    )
    # Of two at once, the second waits here and then replaces what the first wrote.
    response = ReportResponse.objects.select_for_update().get(pk=response.pk)
    if not is_new:
        _keep_what_the_team_found(entries, list(response.entries.exclude(ask=None)))
        response.entries.all().delete()
    cells = {entry.cell for entry in entries}
    response.changed_at = now
    response.has_loved, response.has_broken = Cell.LOVED in cells, Cell.BROKEN in cells
    response.save(update_fields=["changed_at", "has_loved", "has_broken"])
    for entry in entries:
        entry.response = response
    ReportEntry.objects.bulk_create(entries)
    _want(entries, person=person, now=now)
    return response


def _keep_what_the_team_found(
    entries: Sequence[ReportEntry], before: Sequence[ReportEntry]
) -> None:
    """Let a line that says the same as before point where somebody of the team has pointed it."""
    known = {(entry.cell, entry.text): entry for entry in before}
    for entry in entries:
        old = known.get((entry.cell, entry.text)) if entry.ask is None and entry.text else None
        if old is not None and old.is_matched_by_team:
            entry.ask_id, entry.is_matched_by_team = old.ask_id, True


@by_team
@transaction.atomic
def point_line(
    *, entry: ReportEntry, ask: Ask | None, actor: User, now: dt.datetime
) -> ReportEntry:
    """Say which ask a line means that points at nothing, or (None) that it means none after all.

    Its author wants nothing by it. Raises `Refusal` for a line whose author has said what it means.
    """
    entry = ReportEntry.objects.select_for_update().get(pk=entry.pk)
    if not entry.is_matched_by_team and (entry.ask_id or entry.item_id):
        raise Refusal(_("Its author has said what it means."))
    ask = resolve(ask) if ask is not None else None
    entry.ask, entry.is_matched_by_team = ask, ask is not None
    entry.save(update_fields=["ask", "is_matched_by_team"])
    # So that what is broken is looked at again.
    Report.objects.filter(responses=entry.response_id).update(looked_at=None)
    journal.write(
        verb=Verb.REPORT_LINE_POINTED,
        subject=entry,
        actor_id=actor.pk,
        now=now,
        data={"ask": ask.public_id if ask is not None else ""},
    )
    return entry


def _want(entries: Sequence[ReportEntry], *, person: User, now: dt.datetime) -> None:
    """Have ``person`` want the asks that they wait for, or that trouble them, and that are not done: so they count there.

    What nobody but the team can read, or what the team alone says that a line means, is nothing that they chose.
    """
    for entry in entries:
        ask = entry.ask
        if ask is None or not ask.is_public or entry.is_matched_by_team:
            continue
        if entry.cell == Cell.LOVED or ask.stage in (Stage.SHIPPED, Stage.DECLINED):
            continue
        with suppress(Refusal):  # voting on it is closed
            vote_ask(ask=ask, person=person, now=now)


def _check_open(report: Report, now: dt.datetime) -> None:
    version = report.release.version
    if now < report.opens_at:
        raise ReportClosed(_("The report on %(version)s is not open yet.") % {"version": version})
    if not report.is_open(now):
        raise ReportClosed(
            _(
                "The report on %(version)s closed on %(day)s. What you wrote is still here: post it, and it is not lost."
            )
            % {"version": version, "day": date_format(report.closes_at, "DATE_FORMAT")}
        )


def _entries(report: Report, said: Sequence[Said]) -> list[ReportEntry]:
    """Return ``said`` as entries, each item once. Raises `Refusal`."""
    shipped = {item.pk for item in queries.items_in(report)}
    entries: list[ReportEntry] = []
    chosen: set[int] = set()
    # What was picked comes before what a line points at: a line gives its item up to it.
    for one in sorted(said, key=lambda one: one.item is None):
        text = typed.line(one.text, most=lengths.REPORT_LINE)
        ask = resolve(one.ask) if one.ask is not None else None
        item = one.item
        if item is not None:
            if item.pk not in shipped and one.cell in VERDICTS:
                raise Refusal(
                    _("“%(title)s” did not ship in %(version)s.")
                    % {"title": item.title, "version": report.release.version},
                    status=422,
                )
            if item.pk in chosen:
                raise Refusal(
                    _("“%(title)s” stands in two cells. Leave it in one.") % {"title": item.title},
                    status=422,
                )
        elif ask is not None and one.cell in VERDICTS:
            answer = item_of(ask)
            if answer is not None and answer.pk in shipped - chosen:
                item = answer
        if item is not None:
            chosen.add(item.pk)
        if item is not None or ask is not None or text:
            entries.append(ReportEntry(cell=Cell(one.cell), item=item, ask=ask, text=text))
    if not entries:
        raise Refusal(_("Pick something, or write a line. One is enough."), status=422)
    return entries
