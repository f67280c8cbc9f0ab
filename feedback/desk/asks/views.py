"""Asks on the desk: finding one, its evidence, its name, its lock."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from feedback.accounts.permissions import manager_required, member_of, team_required
from feedback.asks.answering.editing import withdrawn_lately
from feedback.asks.answering.group import latest_question, reply_facets
from feedback.asks.areas.queries import live_areas
from feedback.asks.decisions.confirm import (
    confirm_ask,
    dismiss_ask,
    lock_ask,
    rename_ask,
    unlock_ask,
)
from feedback.asks.evals.operations import evals_of, posts_with_prompts
from feedback.asks.models import Ask, Decision
from feedback.asks.people import customers_behind
from feedback.asks.permissions import access_ask
from feedback.asks.presenting import ShownFacet, facets_of, quotes_of
from feedback.asks.queries import (
    answers_to,
    posts_of,
    resolve,
    versions_of,
)
from feedback.asks.stages import Stage, after
from feedback.asks.team.notes import notes_of
from feedback.asks.team.owning import possible_owners
from feedback.asks.titles import Twin, refuse_twin
from feedback.asks.trend import Trend, trend_of
from feedback.desk.acting import said
from feedback.desk.presenting import PAIRS, pieces
from feedback.desk.trends.views import alerts_of
from feedback.forum.models import TITLE_LENGTH
from feedback.forum.products.queries import about
from feedback.kernel import clock, slots
from feedback.kernel.htmx import template_for, varies
from feedback.kernel.stale import StaleEdit, mark_of
from feedback.notify.reach import reach_of, tellings, was_told
from feedback.roadmap import queries as roadmap
from feedback.roadmap.changelog.queries import released_between

#: Releases that the line of an ask marks.
MARKS = 12
#: What a choice of areas says for "in none".
NO_AREA = "none"


def live_ask(request: HttpRequest, public_id: str) -> Ask:
    """Return the ask, following a join; the page is about its product."""
    found = access_ask(request.user, public_id)
    found = access_ask(request.user, resolve(found).public_id)
    about(request, found.product)
    return found


def part_of(ask: Ask, number: str) -> ShownFacet | None:
    """Return the part of ``ask`` with this number, as an address says it, or None."""
    parts = reply_facets(ask) if number.startswith("reply-") else facets_of(ask)
    return next((one for one in parts if str(one.number) == number), None)


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
        "released": _released(ask, trend),
        "reach": reach_of(ask),
        "for_customers": customers_behind(ask),
        "was_told": was_told(ask),
        "versions": versions_of(ask),
        "item": roadmap.item_of(ask),
        "quotes": quotes_of([ask])[ask.pk],
        "facets": [*facets_of(ask), *reply_facets(ask)],
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
        "withdrawn": withdrawn_lately(ask, now=clock.now()),
        "asked": latest_question(ask),
        "areas": live_areas(ask.product),
        "area": ask.area if ask.area is not None and ask.area.is_live else None,
        "alerts": alerts_of(ask),
        "owners": possible_owners(),
        "notes": notes_of(ask),
        "prompt_count": posts_with_prompts(ask).count(),
        "evals": list(evals_of(ask)),
        "retitle": ask.title,
        "seen": mark_of({"title": ask.title}),
    }


def _released(ask: Ask, trend: Trend) -> list[tuple[dt.date, str]]:
    """Return what came out while the line of ``ask`` runs; it may run on, so today counts too."""
    if not trend.points:
        return []
    first, last = trend.points[0][0], max(trend.points[-1][0], clock.now().date())
    return released_between(ask.product, first, last, limit=MARKS)


@require_safe
@team_required
def ask(request: HttpRequest, public_id: str) -> HttpResponse:
    """One ask with all its evidence and everything one may do about it."""
    found = live_ask(request, public_id)
    if found.public_id != public_id:
        return redirect("desk:ask", found.public_id)
    context = ask_context(found, request.GET.get("page"), request.GET.get("part", ""))
    context["item_strip"] = slots.gather("ask-item", request, [found]).get(found.pk, "")
    if typed := request.GET.get("retitle", "")[:TITLE_LENGTH]:
        context |= {"retitle": typed}
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
    title, seen = request.POST.get("title", ""), request.POST.get("seen", "")
    try:
        if request.POST.get("twice") != "1":
            refuse_twin(title, beside=found, may_be_itself=True)
    except Twin as twin:
        messages.error(request, str(twin))
        context = ask_context(found) | {"retitle": title, "twice": True}
        return render(request, "desk/asks/ask.html", context, status=409)
    return _renamed(request, found, title, seen)


def _renamed(request: HttpRequest, found: Ask, title: str, seen: str) -> HttpResponse:
    actor = member_of(request)
    try:
        decision = rename_ask(ask=found, title=title, actor=actor, now=clock.now(), seen=seen)
    except StaleEdit as stale:
        messages.warning(
            request,
            _(
                "Somebody renamed it meanwhile to “%s”. Your title is still in the field; save it again to take its place."
            )
            % stale.theirs["title"],
        )
        here = reverse("desk:ask", args=[found.public_id])
        return redirect(f"{here}?{urlencode({'retitle': title[:TITLE_LENGTH]})}")
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
