"""Areas on the desk: what the machine proposes, what people call them, which asks are in them."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from feedback.accounts.permissions import manager_required, member_of, team_required
from feedback.asks.areas.operations import (
    close_area,
    confirm_areas,
    join_areas,
    make_area,
    name_area,
    put_asks,
)
from feedback.asks.areas.queries import area_rows, asks_in, live_areas
from feedback.asks.models import Area, Ask, Decision
from feedback.asks.models.areas import NAME_LENGTH
from feedback.asks.permissions import access_area
from feedback.asks.queries import listing
from feedback.desk.acting import said
from feedback.desk.asks.views import NO_AREA, live_ask
from feedback.desk.both import Both
from feedback.desk.product import picked
from feedback.forum.products.queries import about
from feedback.kernel import clock, text
from feedback.kernel.refusals import Refusal
from feedback.kernel.stale import StaleEdit

#: Asks on a page of one area.
SHOWN = 60


@require_safe
@team_required
def areas(request: HttpRequest) -> HttpResponse:
    """Every area with what it holds: those the machine proposes, then those that are confirmed."""
    product = picked(request)
    rows = area_rows(live_areas(product))
    return render(
        request,
        "desk/areas/areas.html",
        {
            "nav": "desk",
            "proposed": [row for row in rows if not row.area.is_public],
            "confirmed": [row for row in rows if row.area.is_public],
            "without": asks_in(None, product).count(),
        },
    )


@require_safe
@team_required
def area(request: HttpRequest, public_id: str) -> HttpResponse:
    """One area with its asks, to be renamed, joined, dissolved or sorted anew."""
    found = access_area(request.user, public_id)
    if found.public_id != public_id:
        return redirect("desk:area", found.public_id)
    return _page(request, found, both=Both(None, {"name": found.name}))


@require_safe
@team_required
def areas_without(request: HttpRequest) -> HttpResponse:
    """The asks that stand in no area."""
    return _page(request, None)


def _page(
    request: HttpRequest,
    found: Area | None,
    *,
    typed: str = "",
    both: Both | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw the page of ``found``; ``typed`` is a name that was not kept, ``both`` is of the form of it."""
    words = text.one_line(request.GET.get("q", ""))
    product = found.product if found is not None else picked(request)
    about(request, product)
    asks = listing(asks_in(found, product), words=words)
    page = Paginator(asks, SHOWN).get_page(request.GET.get("page"))
    return render(
        request,
        "desk/areas/area.html",
        {
            "nav": "desk",
            "area": found,
            "row": area_rows([found])[0] if found is not None else None,
            "page": page,
            "words": words,
            "keep": urlencode({"q": words}) if words else "",
            "typed": typed,
            "both": both,
            "others": [one for one in live_areas(product) if one != found],
            "decisions": Decision.objects.filter(area=found)
            .select_related("actor", "ask", "area", "other_ask", "other_area", "undone_by")
            .order_by("-id")[:8]
            if found is not None
            else [],
        },
        status=status,
    )


@require_POST
@manager_required
def areas_confirm(request: HttpRequest) -> HttpResponse:
    """Confirm the areas that were shown, or the asks that the machine has added to one since."""
    wanted = request.POST.getlist("area")
    found = list(Area.objects.filter(public_id__in=wanted).order_by("id"))
    opening = sum(not one.is_public for one in found)
    actor = member_of(request)
    decision = confirm_areas(areas=found, actor=actor, now=clock.now())
    if not opening:
        sentence = _("Confirmed: no run takes these asks away.")
    elif len(found) == 1:
        sentence = _("“%(name)s” is an area now, for everyone to read by.") % {
            "name": found[0].name
        }
    else:
        sentence = ngettext(
            "%(n)d area is confirmed, for everyone to read by.",
            "%(n)d areas are confirmed, for everyone to read by.",
            opening,
        ) % {"n": opening}
    said(request, sentence, decision)
    return _back(request, found[0] if len(found) == 1 else None)


@require_POST
@manager_required
def area_rename(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give it a name that everyone will know."""
    found, actor = access_area(request.user, public_id), member_of(request)
    name, seen = request.POST.get("name", ""), request.POST.get("seen")
    try:
        decision = name_area(area=found, name=name, actor=actor, now=clock.now(), seen=seen)
    except StaleEdit as stale:
        messages.warning(request, str(stale))
        both = Both(None, stale.theirs)
        both.theirs = [(_("Name of the area"), stale.theirs["name"])]
        return _page(request, found, typed=name[:NAME_LENGTH], both=both, status=409)
    said(request, _("Renamed."), decision)
    return _back(request, found)


@require_POST
@manager_required
def area_join(request: HttpRequest, public_id: str) -> HttpResponse:
    """Join it into another."""
    found, actor = access_area(request.user, public_id), member_of(request)
    into = access_area(request.user, request.POST.get("to", ""))
    decision = join_areas(area=found, into=into, actor=actor, now=clock.now())
    said(
        request,
        _("Joined into “%(title)s”. The old link leads there.") % {"title": into.name},
        decision,
    )
    return redirect("desk:area", into.public_id)


@require_POST
@manager_required
def area_dissolve(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say that it is none; its asks stand without an area."""
    found, actor = access_area(request.user, public_id), member_of(request)
    decision = close_area(area=found, actor=actor, now=clock.now())
    said(
        request,
        _("Dissolved “%(name)s”. Its asks stay as they are.") % {"name": found.name},
        decision,
    )
    return redirect("desk:areas")


@require_POST
@manager_required
def areas_put(request: HttpRequest) -> HttpResponse:
    """Put the ticked asks into another area, into none, or into one that is made for them."""
    asks = list(Ask.objects.filter(public_id__in=request.POST.getlist("ask")).order_by("id"))
    origin = request.POST.get("from", "")
    here = reverse("desk:areas-without")
    if origin:
        here = reverse("desk:area", args=[access_area(request.user, origin).public_id])
    if not asks:
        raise Refusal(_("Tick one ask or more first."), status=422)
    actor = member_of(request)
    if request.POST.get("do") == "new":
        name = request.POST.get("name", "")
        decision = make_area(name=name, asks=asks, actor=actor, now=clock.now())
        assert decision.area is not None
        said(
            request,
            _("“%(name)s” is an area now, for everyone to read by.") % {"name": decision.area.name},
            decision,
        )
        return redirect("desk:area", decision.area.public_id)
    to = request.POST.get("to", "")
    if not to:
        raise Refusal(_("Choose the area to move them to."), status=422)
    _put(request, asks, to)
    return redirect(here)


@require_POST
@manager_required
def ask_area(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put one ask into an area, from its own page."""
    found = live_ask(request, public_id)
    to = request.POST.get("to", "")
    if to:
        _put(request, [found], to)
    return redirect("desk:ask", found.public_id)


def _put(request: HttpRequest, asks: list[Ask], to: str) -> None:
    """Put ``asks`` into the area whose public id is ``to``, or into none, and say so."""
    target = access_area(request.user, to) if to != NO_AREA else None
    actor = member_of(request)
    decision = put_asks(asks=asks, area=target, actor=actor, now=clock.now())
    if target is None:
        sentence = ngettext(
            "%(n)d ask stands in no area now, until somebody puts it in one.",
            "%(n)d asks stand in no area now, until somebody puts them in one.",
            len(asks),
        ) % {"n": len(asks)}
    else:
        sentence = ngettext(
            "%(n)d ask is in “%(name)s” now.", "%(n)d asks are in “%(name)s” now.", len(asks)
        ) % {"n": len(asks), "name": target.name}
    said(request, sentence, decision)


def _back(request: HttpRequest, found: Area | None) -> HttpResponse:
    """Return to the list when the person came from there, else to the area."""
    if found is None or request.POST.get("back") == "list":
        return redirect("desk:areas")
    return redirect("desk:area", found.public_id)
