"""The table of asks: read, kept as a view, taken along."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from feedback.accounts.permissions import desk_required, member_of, team_required
from feedback.asks.models import Ask
from feedback.asks.table.queries import attach_growth, filtered, numbers
from feedback.asks.table.saved import (
    access_own_view,
    change_view,
    remove_view,
    restore_view,
    save_view,
)
from feedback.asks.table.wanted import STATES, Wanted
from feedback.asks.trend import attach_trends
from feedback.desk.product import picked
from feedback.desk.table import export
from feedback.desk.table.reading import Table, choices, table_of, views_shown
from feedback.kernel import clock, sheets

#: Asks on a page.
SHOWN = 50


@require_safe
@team_required
def ask_list(request: HttpRequest) -> HttpResponse:
    """Every live ask as a table to be sorted, filtered, kept and decided about."""
    table = table_of(request)
    wanted = table.wanted
    page = Paginator(table.asks.select_related("area", "owner"), SHOWN).get_page(
        request.GET.get("page")
    )
    attach_growth(page.object_list, now=clock.now())
    return render(
        request,
        "desk/table/table.html",
        {
            "nav": "desk",
            "page": page,
            "wanted": wanted,
            "heads": heads(wanted),
            "tabs": _tabs(request, table),
            "keep": wanted.query,
            "late": table.late,
            "promised": table.promised,
            "here": reverse("desk:ask-list") + (f"?{wanted.query}" if wanted.query else ""),
        }
        | choices(table.product)
        | views_shown(request, table),
    )


def _tabs(request: HttpRequest, table: Table) -> list[tuple[str, str, bool, int]]:
    """Return the states as tabs, each with how many asks of it pass the filters."""
    labels = {"public": _("Confirmed"), "proposed": _("Proposed"), "dismissed": _("Not asks")}
    wanted = table.wanted
    if wanted.near and wanted.q:
        return []
    counted = numbers(
        filtered(
            table.product,
            wanted,
            reader=member_of(request),
            now=clock.now(),
            promised=table.promised,
            late=table.late,
        )
    )
    return [
        (f"?{wanted.but(state=key).query}", labels[key], key == wanted.state, counted[key])
        for key in STATES
    ]


def heads(wanted: Wanted) -> list[dict[str, object]]:
    """Return the heads of the columns: what each is called, where a press leads, and how it is sorted now."""
    named = (
        ("title", _("Ask"), ""),
        ("people", _("People"), "number"),
        ("growth", _("7 days"), "number"),
        ("stage", _("Stage"), ""),
        ("answered", _("Answered"), ""),
        ("owner", _("Owner"), ""),
        ("age", pgettext("an ask, by the machine", "Found"), ""),
        ("fresh", _("Latest post"), ""),
    )
    return [
        {
            "key": key,
            "label": label,
            "kind": kind,
            "url": f"?{wanted.pressed(key).query}",
            "sorted": ("descending" if wanted.goes_down else "ascending")
            if wanted.by == key
            else "",
        }
        for key, label, kind in named
    ]


@require_safe
@desk_required
def ask_lines(request: HttpRequest) -> HttpResponse:
    """The little lines of the asks of a page, drawn after its words are there."""
    wanted = request.GET.getlist("ask")[:SHOWN]
    asks = list(Ask.objects.filter(product=picked(request), public_id__in=wanted))
    attach_trends(asks)
    return render(request, "desk/table/_lines.html", {"asks": asks})


@require_safe
@desk_required
def ask_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The same table to take along, all of its rows."""
    rows = export.rows(table_of(request))
    if kind == "csv":
        return sheets.csv_answer(rows, name="asks")
    answer = HttpResponse(sheets.xlsx(rows, name="asks"), content_type=export.XLSX)
    answer["Content-Disposition"] = 'attachment; filename="asks.xlsx"'
    return answer


@require_POST
@team_required
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep what the table shows under a name."""
    query = Wanted.read(QueryDict(request.POST.get("query", "")).dict()).query
    view = save_view(
        product=picked(request),
        name=request.POST.get("name", ""),
        query=query,
        is_shared=request.POST.get("shared") == "1",
        actor=member_of(request),
        now=clock.now(),
    )
    messages.success(request, _("“%(name)s” is kept.") % {"name": view.name})
    return _at(view.query)


@require_POST
@team_required
def view_change(request: HttpRequest, public_id: str) -> HttpResponse:
    """Share a view, keep it for oneself, take it away or bring it back."""
    actor, now = member_of(request), clock.now()
    view = access_own_view(actor, public_id)
    match request.POST.get("do", request.GET.get("do")):
        case "share":
            change_view(view=view, is_shared=True, actor=actor, now=now)
            messages.success(request, _("The team sees “%(name)s” now.") % {"name": view.name})
        case "keep":
            change_view(view=view, is_shared=False, actor=actor, now=now)
            messages.success(request, _("Only you see “%(name)s” now.") % {"name": view.name})
        case "restore":
            restore_view(view=view, actor=actor, now=now)
            messages.success(request, _("“%(name)s” is kept.") % {"name": view.name})
        case "remove":
            remove_view(view=view, actor=actor, now=now)
            undo = reverse("desk:ask-view", args=[view.public_id]) + "?do=restore"
            messages.success(request, _("Removed."), extra_tags=f"undo:{undo}")
            return _at("")
    return _at(view.query)


def _at(query: str) -> HttpResponse:
    """Lead to the table with ``query``."""
    return redirect(reverse("desk:ask-list") + (f"?{query}" if query else ""))
