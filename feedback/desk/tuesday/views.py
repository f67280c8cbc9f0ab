"""Tuesday's list: what people say in the report on the last release, what is most broken first."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from feedback.accounts.permissions import acting_required, member_of, team_required
from feedback.asks.models import Ask
from feedback.asks.permissions import access_ask
from feedback.asks.queries import listing
from feedback.desk.product import picked
from feedback.desk.tuesday.listening import listening
from feedback.desk.tuesday.week import week_of
from feedback.grouping.similar.similar import similar
from feedback.kernel import clock, text
from feedback.kernel.refusals import told
from feedback.roadmap.models import Report, ReportEntry
from feedback.roadmap.reports import trouble
from feedback.roadmap.reports.operations import point_line
from feedback.roadmap.reports.presenting import results_of

#: Asks to choose from for a line; the likest posts and asks among which they are looked for.
CANDIDATES, LOOKED_AT = 8, 30


@require_safe
@team_required
def tuesday(request: HttpRequest) -> HttpResponse:
    """The week's work; what troubles people, and their lines; whether what shipped worked, and what telling people of it brought."""
    reports = trouble.reports_of(picked(request))
    version = text.one_line(request.GET.get("version", ""))
    report = next((one for one in reports if one.release.version == version), None)
    report = report or next(iter(reports), None)
    now = clock.now()
    context: dict[str, Any] = {
        "nav": "desk",
        "report": report,
        "week": week_of(picked(request), now=now),
    }
    if report is not None:
        context |= {
            "is_open": report.is_open(now),
            "tabs": [
                (_address(one), one.release.version, one == report, one.responses.count())
                for one in reports
            ],
            "troubles": trouble.troubles(report),
            "unmatched": [
                (lines[0].get_cell_display(), lines)
                for lines in trouble.unmatched(report).values()
                if lines
            ],
            "listening": listening(report.release, now=now),
            **results_of(report, now=now),
        }
    return render(request, "desk/tuesday/tuesday.html", context)


def _address(report: Report) -> str:
    return f"{reverse('desk:tuesday')}?{urlencode({'version': report.release.version})}"


@require_http_methods(["GET", "HEAD", "POST"])
@acting_required
def tuesday_line(request: HttpRequest, number: int) -> HttpResponseBase:
    """Say which ask a line of a report means."""
    entries = ReportEntry.objects.exclude(text="").filter(pk=number)
    entry = entries.select_related("response__report__release__product", "response__person").first()
    if entry is None:
        raise Http404
    report = entry.response.report
    if request.method == "POST":
        wanted = request.POST.get("to", "")
        ask = access_ask(request.user, wanted) if wanted else None
        with told(request):
            point_line(entry=entry, ask=ask, actor=member_of(request), now=clock.now())
            if ask is not None:
                messages.success(
                    request, _("It counts for “%(title)s” now.") % {"title": ask.title}
                )
        return redirect(_address(report))
    words = text.one_line(request.GET.get("q", ""))
    context = {
        "nav": "desk",
        "entry": entry,
        "words": words,
        "candidates": _candidates(request, entry, words),
        "back": _address(report),
    }
    return render(request, "desk/tuesday/tuesday_line.html", context)


def _candidates(request: HttpRequest, entry: ReportEntry, words: str) -> list[Ask]:
    """Return asks to choose from: those with ``words``, or those that the line most likely means."""
    product = entry.response.report.release.product
    if words:
        return list(listing(Ask.objects.public().filter(product=product), words=words)[:CANDIDATES])
    found = similar(
        title=entry.text, body="", person=request.user, product=product, limit=LOOKED_AT
    )
    return found.asks[:CANDIDATES]
