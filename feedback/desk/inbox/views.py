"""The inbox of proposals: read the evidence, decide, undo, next."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.accounts import visits
from feedback.accounts.models import User
from feedback.accounts.permissions import manager_required, member_of, team_required
from feedback.asks.coverage import summary as summary_of
from feedback.asks.models import Proposal
from feedback.asks.proposals.operations import put_off
from feedback.asks.proposals.said_same import number_of_lone_pairs
from feedback.asks.proposals.taking_back import take_back
from feedback.asks.queries import too_little_to_group
from feedback.desk.encoder.presenting import encoder_note
from feedback.desk.inbox.accepting import carry_out, outcome, parted_by
from feedback.desk.inbox.evidence import evidence, stands_as_shown
from feedback.desk.inbox.giving import GIVES, give
from feedback.desk.inbox.near import confirmed_titles, near_ones, near_parts, overtaken_by
from feedback.desk.inbox.reading import moment, until_of
from feedback.desk.inbox.since import decided_this_week, new_posts_in, since_you_were_here
from feedback.desk.inbox.undoing import undo_of_my_last, undo_tag
from feedback.desk.inbox.waiting import (
    Wish,
    choices,
    kind_tabs,
    ranked,
    rows_of,
    waiting,
    wish_of,
)
from feedback.desk.presenting import ShownProposal, shown_proposal
from feedback.desk.product import picked
from feedback.desk.trends.views import unseen
from feedback.forum.models import Product
from feedback.forum.products import queries as products
from feedback.grouping.models import Run
from feedback.grouping.questions.operations import open_questions
from feedback.grouping.runs.request import request_run
from feedback.grouping.vectors.embedding import missing_count
from feedback.grouping.vectors.encoders import current_model
from feedback.kernel import clock
from feedback.kernel.htmx import go_to, is_htmx, leave_the_target, stands_at, varies
from feedback.kernel.refusals import told

SHOWN = 40
#: Proposals looked at for the next that is still open.
LOOKED_AHEAD = 20


def _rest(found: Proposal, wish: Wish) -> list[int]:
    """Return what follows ``found`` on the desk, then what stands before it."""
    ids = ranked(found.ask.product, wish, now=clock.now())
    at = ids.index(found.pk) if found.pk in ids else -1
    return ids[at + 1 :] + ids[: max(at, 0)]


def _still_waiting(ids: list[int], decided: Proposal) -> list[int]:
    """Return ``ids`` without the proposals that were settled together with ``decided``."""
    gone = Proposal.objects.filter(public_id__in=overtaken_by(decided))
    settled = set(gone.values_list("pk", flat=True))
    return [pk for pk in ids if pk not in settled]


def _first_open(ids: list[int]) -> Proposal | None:
    """Return the first of ``ids`` that nobody has decided about meanwhile."""
    some = ids[:LOOKED_AHEAD]
    return next((one for one in rows_of(some) if one.state == Proposal.State.OPEN), None)


def _shown_already(request: HttpRequest, ids: list[int]) -> Proposal | None:
    """Return the one that the browser shows already, where it is one of ``ids`` and open: the reader is reading it."""
    shown = Proposal.objects.filter(
        pk__in=ids, public_id=request.POST.get("stands", ""), state=Proposal.State.OPEN
    )
    return next(iter(rows_of(list(shown.values_list("pk", flat=True)))), None)


def state_of_the_engine(request: HttpRequest, product: Product) -> dict[str, Any]:
    """Return how far embedding and grouping of ``product`` have come, for the head of the desk."""
    model = current_model()
    waiting = missing_count(model.model_key if model else None, product)
    summary = summary_of(products.current(request))
    runs = Run.objects.filter(product=product)
    running = runs.filter(state__in=[Run.State.RUNNING, Run.State.WAITING]).first()
    failed = runs.order_by("-id").first()
    return {
        "summary": summary,
        "embedded": max(0, summary.posts - waiting),
        "waiting": waiting,
        "encoder_note": encoder_note(waiting=waiting),
        "last_run": Run.objects.last_done(product),
        "running": running,
        "failed": failed if failed is not None and failed.state == Run.State.FAILED else None,
    }


@require_safe
@team_required
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, most people first, with the evidence of the first beside it."""
    visits.come(request, now=clock.now())
    wish = wish_of(request)
    product = picked(request)
    return _render_inbox(request, product, wish=wish, current=None, chosen=False)


def _render_inbox(
    request: HttpRequest,
    product: Product,
    *,
    wish: Wish,
    current: Proposal | None,
    chosen: bool,
) -> HttpResponse:
    now = clock.now()
    ids = ranked(product, wish, now=now)
    if current is None:
        current = _first_open(ids)
    pages = Paginator(ids, SHOWN)
    number: str | int | None = request.GET.get("page")
    if number is None and current is not None and current.pk in ids:
        number = ids.index(current.pk) // SHOWN + 1
    page = pages.get_page(number)
    context = {
        "nav": "desk",
        "chosen": chosen,
        "listed_at": now.isoformat(),
        "tabs": kind_tabs(product, wish, now=now),
        "proposals": _rows(list(page.object_list), reader=member_of(request), now=now),
        "page": page,
        "keep": wish.query,
        "waiting_count": len(ids),
        "confirmed_titles": confirmed_titles(product),
        "undo_of_my_last": undo_of_my_last(request),
        **choices(product, wish),
        **unseen(product),
        "questions_open": open_questions(product).count(),
        "too_little": too_little_to_group(product).count(),
        "lone_pairs": number_of_lone_pairs(product, now=now),
        "since": since_you_were_here(member_of(request), product, now=now),
        "week": decided_this_week(product, now=now),
        **state_of_the_engine(request, product),
        **evidence(request, current),
    }
    return varies(render(request, "desk/inbox/inbox.html", context))


def _rows(ids: list[int], *, reader: User, now: dt.datetime) -> list[ShownProposal]:
    """Return the proposals ``ids`` as the list shows them, with how many posts of each are new to ``reader``."""
    found = rows_of(ids)
    new = new_posts_in([one.ask_id for one in found], reader, now=now)
    return [replace(shown_proposal(one), new_count=new.get(one.ask_id, 0)) for one in found]


@require_http_methods(["GET", "HEAD", "POST"])
@team_required
def proposal(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """One proposal: its evidence, or a person's word on it."""
    found = (
        Proposal.objects.select_related("ask__product", "other_ask", "post", "owner")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise Http404
    wish = wish_of(request)
    if request.method == "POST":
        return _decide(request, found, wish=wish)
    # Another product may have been picked since this one was listed.
    product = found.ask.product
    products.about(request, product)
    if is_htmx(request):
        # What was said before is over; what waits to be said is the next page's, not that of evidence fetched ahead.
        said: dict[str, object] = {"answers": True, "messages": ()}
        context = {"keep": wish.query, **said, **evidence(request, found)}
        return varies(render(request, "desk/inbox/inbox.html#walked", context))
    return _render_inbox(request, product, wish=wish, current=found, chosen=True)


@manager_required
def _decide(request: HttpRequest, found: Proposal, *, wish: Wish) -> HttpResponse:
    products.about(request, found.ask.product)
    if request.POST.get("do") in GIVES:
        return _given(request, found, wish=wish)
    rest = _rest(found, wish)
    if is_htmx(request):
        sentence = _say(request, found)
        rest = _still_waiting(rest, found)
        following = _shown_already(request, rest) or _first_open(rest)
        return _go_on(request, found, following, wish=wish, sentence=sentence)
    with told(request):
        sentence = _say(request, found)
        messages.success(request, sentence, extra_tags=undo_tag(found))
        following = _first_open(rest)
        home = wish.address(reverse("desk:inbox"))
        return redirect(_address(following, wish) if following is not None else home)
    return redirect(_address(found, wish))


def _say(request: HttpRequest, found: Proposal) -> str:
    """Do what the person said of ``found``; return a sentence."""
    if not request.POST.get("do", "").startswith("later"):
        return carry_out(found, request, member_of(request))
    until = until_of(request)
    put_off(proposal=found, actor=member_of(request), now=clock.now(), until=until)
    title = shown_proposal(found).title
    if until is None:
        return _("“%(title)s” waits under “Later”.") % {"title": title}
    day = date_format(until.date(), "SHORT_DATE_FORMAT")
    return _("“%(title)s” waits under “Later” until %(day)s.") % {"title": title, "day": day}


def _given(request: HttpRequest, found: Proposal, *, wish: Wish) -> HttpResponse:
    """Give ``found`` to somebody; it stays open, with whose it is."""
    if not is_htmx(request):
        with told(request):
            give(request, [found])
        return redirect(_address(found, wish))
    give(request, [found])
    found = rows_of([found.pk])[0]
    context = {
        "keep": wish.query,
        "answers": True,
        "given": shown_proposal(found),
        **evidence(request, found),
    }
    return varies(render(request, "desk/inbox/inbox.html#given", context))


def _go_on(
    request: HttpRequest,
    found: Proposal,
    following: Proposal | None,
    *,
    wish: Wish,
    sentence: str,
) -> HttpResponse:
    """Answer in place: the evidence of what follows, without the row that is decided.

    A browser that had it at hand shows it already and says so (``stands``, fetched at ``stands_at``): it is sent again only where
    something was decided since that touches it.
    """
    product, now = found.ask.product, clock.now()
    tag = undo_tag(found)
    messages.success(request, sentence, extra_tags=tag)
    if following is None:
        return go_to(wish.address(reverse("desk:inbox")))
    stands = request.POST.get("stands") == following.public_id and stands_as_shown(
        following, since=moment(request.POST.get("stands_at", ""))
    )
    context = {
        "keep": wish.query,
        "answers": True,
        "stands": stands,
        "decided": found,
        "gone": overtaken_by(found),
        "came": _came(found, product, wish),
        "named": [ask.title for ask in (outcome(found),) if ask.is_public],
        "waiting_count": waiting(product, wish, now=now).count(),
        "to_decide": waiting(product, Wish(), now=now).count(),
        "week": decided_this_week(product, now=now),
        "tabs": kind_tabs(product, wish, now=now),
        "undo_of_my_last": tag.removeprefix("undo:"),
        **(_newly_near(request, following) if stands else evidence(request, following)),
    }
    response = render(request, "desk/inbox/inbox.html#decided", context)
    if stands:
        return varies(leave_the_target(response))
    return varies(stands_at(response, _address(following, wish)))


def _came(found: Proposal, product: Product, wish: Wish) -> list[ShownProposal]:
    """Return what was left out of ``found`` and waits, as far as the list shows such proposals."""
    listed = waiting(product, wish, now=clock.now())
    return [shown_proposal(one) for one in parted_by(found) if listed.filter(pk=one.pk).exists()]


def _newly_near(request: HttpRequest, shown: Proposal) -> dict[str, Any]:
    """Return the asks near the one ``shown`` where the browser, which has it from before, shows others or other states."""
    parts = near_parts(shown, near_ones(shown, now=clock.now()))
    is_shown = request.POST.get("stands_near", "") == parts["near_mark"]
    return {} if is_shown else {**parts, "near_anew": True}


@require_POST
@manager_required
def proposal_undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take back what was said of a proposal; it lies open again."""
    found = get_object_or_404(Proposal, public_id=public_id)
    take_back(proposal=found, actor=member_of(request), now=clock.now())
    messages.success(request, _("Undone. Everything is as it was before."))
    return redirect("desk:proposal", found.public_id)


def _address(found: Proposal, wish: Wish) -> str:
    return wish.address(reverse("desk:proposal", args=[found.public_id]))


@require_POST
@manager_required
def regroup(request: HttpRequest) -> HttpResponse:
    """Ask for a run now."""
    request_run(product=picked(request), now=clock.now(), requested_by=member_of(request))
    messages.info(
        request,
        _("Regrouping has been asked for. You can go on working; nothing you decided moves."),
    )
    return redirect("desk:inbox")


@require_safe
@team_required
def progress(request: HttpRequest) -> HttpResponse:
    """How far the engine is; the page asks again while it works."""
    return render(
        request, "desk/inbox/inbox.html#engine", state_of_the_engine(request, picked(request))
    )
