"""Asks on the desk: finding one, its evidence, its name, its lock."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from feedback.accounts.permissions import manager_required, member_of, team_required
from feedback.asks.areas.queries import live_areas
from feedback.asks.decisions.confirm import (
    confirm_ask,
    dismiss_ask,
    lock_ask,
    rename_ask,
    unlock_ask,
)
from feedback.asks.models import Ask, Decision
from feedback.asks.people import customers_behind
from feedback.asks.permissions import access_ask
from feedback.asks.presenting import ShownFacet, facets_of, quotes_of
from feedback.asks.queries import (
    TEAM_SORTS,
    answers_to,
    listing,
    posts_of,
    resolve,
    versions_of,
)
from feedback.asks.stages import Stage, after
from feedback.asks.trend import attach_trends, trend_of
from feedback.desk.acting import said
from feedback.desk.presenting import PAIRS, pieces
from feedback.desk.product import picked
from feedback.desk.trends.views import alerts_of
from feedback.forum.models import Product
from feedback.forum.products.queries import about
from feedback.kernel import clock, text
from feedback.kernel.htmx import template_for, varies
from feedback.notify.reach import reach_of, tellings, was_told
from feedback.roadmap import queries as roadmap

#: What a choice of areas says for "in none".
NO_AREA = "none"
_STATES = {
    "public": Ask.State.PUBLIC,
    "proposed": Ask.State.PROPOSED,
    "dismissed": Ask.State.DISMISSED,
}


def live_ask(request: HttpRequest, public_id: str) -> Ask:
    """Return the ask, following a join; the page is about its product."""
    found = access_ask(request.user, public_id)
    found = access_ask(request.user, resolve(found).public_id)
    about(request, found.product)
    return found


@require_safe
@team_required
def ask_list(request: HttpRequest) -> HttpResponse:
    """Every live ask: confirmed, proposed or dismissed; by people, growth of age, unanswered; by words, area."""
    state = request.GET.get("state", "public")
    state = state if state in _STATES else "public"
    wanted = request.GET.get("sort", "people")
    sort = wanted if wanted in TEAM_SORTS else "people"
    words = text.one_line(request.GET.get("q", ""))
    product = picked(request)
    areas = list(live_areas(product))
    wanted = request.GET.get("area", "")
    area = wanted if wanted in {NO_AREA, *(one.public_id for one in areas)} else ""
    asks_there = _within(product, area)
    asks = listing(asks_there.filter(state=_STATES[state]), sort=sort, words=words)
    labels = {"public": _("Confirmed"), "proposed": _("Proposed"), "dismissed": _("Not asks")}
    keep = {"sort": sort} | ({"q": words} if words else {}) | ({"area": area} if area else {})
    page = Paginator(asks, 40).get_page(request.GET.get("page"))
    attach_trends(page.object_list)
    return render(
        request,
        "desk/asks/ask_list.html",
        {
            "nav": "desk",
            "page": page,
            "tabs": [
                (
                    "?" + urlencode(keep | {"state": key}),
                    labels[key],
                    key == state,
                    asks_there.filter(state=value).count(),
                )
                for key, value in _STATES.items()
            ],
            "keep": urlencode(keep | {"state": state}),
            "state": state,
            "sort": sort,
            "sorts": [
                ("people", _("Most people")),
                ("fresh", _("Latest posts")),
                ("new", _("Newest")),
                ("unanswered", _("Unanswered")),
                ("critical", _("Most critical")),
            ],
            "words": words,
            "areas": areas,
            "area": area,
            "no_area": NO_AREA,
        },
    )


def _within(product: Product, area: str) -> QuerySet[Ask]:
    """Return the asks of the area with this public id, of none, or all of the product when it is empty."""
    asks = Ask.objects.filter(product=product)
    if area == NO_AREA:
        return asks.exclude(area__in=live_areas(product))
    return asks.filter(area__public_id=area) if area else asks


def part_of(ask: Ask, number: str) -> ShownFacet | None:
    """Return the part of ``ask`` with this number, as an address says it, or None."""
    return next((one for one in facets_of(ask) if str(one.number) == number), None)


def ask_context(ask: Ask, page_number: str | None = None, part: str = "") -> dict[str, Any]:
    """Return what the page of one ask on the desk shows; ``part`` is the number of a facet, or empty for all."""
    facet = part_of(ask, part)
    posts = posts_of(ask)
    if facet is not None:
        posts = posts.filter(post__public_id__in=facet.posts)
    page = Paginator(posts, 40).get_page(page_number)
    trend = trend_of(ask)
    units = {"day": _("posts a day"), "week": _("posts a week"), "month": _("posts a month")}
    return {
        "nav": "desk",
        "ask": ask,
        "opposite": ask.opposite if ask.opposite is not None and ask.opposite.is_live else None,
        "page": page,
        "evidence": pieces(list(page.object_list), medoid=ask.medoid_id),
        "trend": trend,
        "trend_label": units[trend.bucket],
        "reach": reach_of(ask),
        "for_customers": customers_behind(ask),
        "was_told": was_told(ask),
        "versions": versions_of(ask),
        "item": roadmap.item_of(ask),
        "quotes": quotes_of([ask])[ask.pk],
        "facets": facets_of(ask),
        "facet": facet,
        "keep": f"part={facet.number}" if facet is not None else "",
        "may_adopt": ask.is_public and Stage.PLANNED in after(ask.stage),
        "may_decline": ask.is_public and Stage.DECLINED in after(ask.stage),
        "unconfirmed": ask.memberships.filter(is_confirmed=False).count(),
        "decisions": Decision.objects.filter(ask=ask)
        .select_related("actor", "ask", "other_ask", "area", "other_area", "undone_by")
        .prefetch_related(PAIRS)
        .order_by("-id")[:8],
        "answers": answers_to([ask]),
        "areas": live_areas(ask.product),
        "area": ask.area if ask.area is not None and ask.area.is_live else None,
        "alerts": alerts_of(ask),
    }


@require_safe
@team_required
def ask(request: HttpRequest, public_id: str) -> HttpResponse:
    """One ask with all its evidence and everything one may do about it."""
    found = live_ask(request, public_id)
    if found.public_id != public_id:
        return redirect("desk:ask", found.public_id)
    context = ask_context(found, request.GET.get("page"), request.GET.get("part", ""))
    return render(request, "desk/asks/ask.html", context)


@require_safe
@team_required
def ask_told(request: HttpRequest, public_id: str) -> HttpResponse:
    """How many were told of what happened to an ask, counted after its page is there: it takes longer the more they are."""
    found = live_ask(request, public_id)
    page = template_for(request, "desk/asks/ask_told.html", part="told")
    context = {"nav": "desk", "ask": found, "tellings": tellings(found)}
    return varies(render(request, page, context))


@require_POST
@manager_required
def rename(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give it a better title."""
    found = live_ask(request, public_id)
    title, actor = request.POST.get("title", ""), member_of(request)
    decision = rename_ask(ask=found, title=title, actor=actor, now=clock.now())
    said(request, _("Renamed."), decision)
    return redirect("desk:ask", found.public_id)


@require_POST
@manager_required
def confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    """Confirm the ask, or the posts the machine has added to it since."""
    found, actor = live_ask(request, public_id), member_of(request)
    decision = confirm_ask(ask=found, actor=actor, now=clock.now())
    said(request, _("Confirmed: no run takes these posts away."), decision)
    return redirect("desk:ask", found.public_id)


@require_POST
@manager_required
def dismiss(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say that it is not an ask."""
    found, actor = live_ask(request, public_id), member_of(request)
    decision = dismiss_ask(ask=found, actor=actor, now=clock.now())
    said(request, _("“%(title)s” is not an ask.") % {"title": found.title}, decision)
    return redirect("desk:ask-list")


@require_POST
@manager_required
def lock(request: HttpRequest, public_id: str) -> HttpResponse:
    """Lock it against the machine, or unlock it."""
    found, actor = live_ask(request, public_id), member_of(request)
    act = unlock_ask if found.is_locked else lock_ask
    decision = act(ask=found, actor=actor, now=clock.now())
    sentence = (
        _("Unlocked: the machine may add posts again.")
        if found.is_locked
        else _("Locked: the machine neither adds a post nor takes one away.")
    )
    said(request, sentence, decision)
    return redirect("desk:ask", found.public_id)
