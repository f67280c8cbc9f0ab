"""The page on which a report is filled in, what a line may mean as it is written, and the results."""

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.accounts.models import User
from feedback.accounts.permissions import member_of, member_required
from feedback.asks.models import Ask
from feedback.forum.models import Product
from feedback.forum.products.queries import about, chosen
from feedback.grouping.similar.similar import similar
from feedback.kernel import clock, text
from feedback.kernel.htmx import template_for, varies
from feedback.kernel.refusals import beside
from feedback.roadmap.models import Cell, Release, Report
from feedback.roadmap.permissions import access_release
from feedback.roadmap.reports import presenting, queries, timetable
from feedback.roadmap.reports.forms import GridForm
from feedback.roadmap.reports.operations import send_report

#: Asks that a line may mean, at most; the likest posts and asks among which they are looked for.
NEAR, LOOKED_AT = 3, 12


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, version: str) -> HttpResponseBase:
    """Say how a release turned out. Before its report opens the page says when; once it is over the results are there."""
    release = access_release(version, chosen(request))
    about(request, release.product)
    found = queries.report_of(release)
    if found is None:
        return _not_yet(request, release)
    if request.method != "POST" and not found.is_open(clock.now()):
        return redirect(found.results_address)
    return _fill_in(request, found)


def _not_yet(request: HttpRequest, release: Release) -> HttpResponse:
    opens_at = timetable.opens_at(release) if release.is_out else None
    if opens_at is not None and opens_at + timetable.OPEN_FOR <= clock.now():
        opens_at = None
    context = {"nav": "roadmap", "release": release, "opens_at": opens_at}
    return render(request, "roadmap/reports/report_not_open.html", context)


@member_required
def _fill_in(request: HttpRequest, report: Report) -> HttpResponseBase:
    person = member_of(request)
    response = queries.response_of(report, person)
    if request.method != "POST":
        return _grid_page(
            request, report, GridForm(report=report, person=person, response=response)
        )
    form = GridForm(request.POST, report=report, person=person, response=response)
    if "look" in request.POST:
        return _grid_page(request, report, form, near=_near_lines(form, report, person))
    if form.is_valid():
        with beside(form):
            send_report(report=report, person=person, said=form.said, now=clock.now())
            day = date_format(report.closes_at, "DATE_FORMAT")
            messages.success(request, _("Sent, thank you. You can change it until %s.") % day)
            return redirect(report.results_address)
    return _grid_page(request, report, form, near=_near_lines(form, report, person), status=422)


def _grid_page(
    request: HttpRequest,
    report: Report,
    form: GridForm,
    *,
    near: Mapping[str, Sequence[Ask]] | None = None,
    status: int = 200,
) -> HttpResponse:
    at = request.POST.get("cell", "")
    cells = form.cells(near)
    first = next((one.cell for one in cells if one.cell == at), Cell.LOVED)
    context = {
        "nav": "roadmap",
        "report": report,
        "release": report.release,
        "form": form,
        "cells": cells,
        "at": first,
        "response": queries.response_of(report, member_of(request)),
        "is_open": report.is_open(clock.now()),
    }
    return render(request, "roadmap/reports/report.html", context, status=status)


@require_POST
@member_required
def report_near(request: HttpRequest, version: str) -> HttpResponse:
    """Show the asks that a line may mean, as it is written."""
    release = access_release(version, chosen(request))
    cell = request.POST.get("cell", "")
    line = text.one_line(request.POST.get(f"line-{cell}", ""))
    near = _near(line, release.product, member_of(request)) if cell in Cell.values else []
    return render(request, "roadmap/reports/_near.html", {"cell": cell, "near": near, "ask": ""})


def _near(line: str, product: Product, person: User) -> list[Ask]:
    """Return the asks that ``line`` most likely means."""
    return similar(title=line, body="", person=person, product=product, limit=LOOKED_AT).asks[:NEAR]


def _near_lines(form: GridForm, report: Report, person: User) -> dict[str, list[Ask]]:
    lines = {cell.value: form.line_of(cell) for cell in Cell}
    product = report.release.product
    return {cell: _near(line, product, person) for cell, line in lines.items() if line}


@require_safe
def report_results(request: HttpRequest, version: str) -> HttpResponseBase:
    """Show what people say of a release so far; the page looks again while its report is open."""
    release = access_release(version, chosen(request))
    about(request, release.product)
    found = queries.report_of(release)
    if found is None:
        return _not_yet(request, release)
    now = clock.now()
    own = queries.response_of(found, request.user) if isinstance(request.user, User) else None
    context = {
        "nav": "roadmap",
        "report": found,
        "release": release,
        "is_open": found.is_open(now),
        "own": own,
        **presenting.results_of(found, now=now),
    }
    page = template_for(request, "roadmap/reports/report_results.html", part="live")
    return varies(render(request, page, context))
