"""Deciding about several proposals at once, with one undo for all."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from feedback.accounts.permissions import manager_required, member_of
from feedback.asks.models import Ask, Proposal
from feedback.asks.proposals.cases import best_standing
from feedback.asks.proposals.operations import accept, dismiss, put_off
from feedback.asks.proposals.several import Settled, settle_several, take_back_several
from feedback.desk.inbox.giving import GIVES, give
from feedback.desk.inbox.reading import moment
from feedback.desk.inbox.since import decided_this_week
from feedback.desk.inbox.undoing import (
    forget_several,
    undo_of_my_last,
    undo_tag,
    undo_tag_of_several,
    words_of,
)
from feedback.desk.inbox.waiting import Wish, kind_tabs, waiting, wish_of
from feedback.desk.presenting import shown_proposal
from feedback.forum.products import queries as products
from feedback.forum.rights.reading import manages
from feedback.kernel import clock
from feedback.kernel.htmx import is_htmx, varies
from feedback.kernel.refusals import Refusal

#: Proposals decided about at once.
MOST = 100
#: What a form says that makes all of them one ask.
ONE = "one"
#: Refusals that are told one by one.
NAMED = 5


@require_POST
@manager_required
def proposals_decide(request: HttpRequest) -> HttpResponse:
    """Say the same of every ticked proposal; those that are refused stay as they are and are named."""
    ticked = request.POST.getlist("proposal")[:MOST]
    found = Proposal.objects.select_related("ask__product", "other_ask", "post", "owner").filter(
        public_id__in=ticked
    )
    proposals = sorted(found, key=lambda one: ticked.index(one.public_id))
    if not all(manages(request.user, one.ask.product) for one in proposals):
        raise PermissionDenied
    if not proposals:
        raise Refusal(_("Tick one proposal or more first."), status=422)
    do = request.POST.get("do", "")
    if do not in (*ACTS, *GIVES, ONE):
        raise Refusal(_("Choose what to do with them."), status=422)
    if do == ONE:
        return _answered(request, proposals, _as_one(request, proposals))
    if do in GIVES:
        settled = Settled(refused=give(request, proposals))
    else:
        settled = settle_several(proposals, ACTS[do](request))
    _tell(request, do, settled)
    return _answered(request, proposals, settled)


def _answered(request: HttpRequest, proposals: list[Proposal], settled: Settled) -> HttpResponse:
    if is_htmx(request):
        return _in_place(request, proposals, settled)
    return redirect(wish_of(request).address(reverse("desk:inbox")))


def _as_one(request: HttpRequest, proposals: list[Proposal]) -> Settled:
    """Make one ask of several new ones, by the name of the one that stands highest, and say so. Raises `Refusal`."""
    if any(one.kind != Proposal.Kind.NEW_ASK for one in proposals):
        raise Refusal(_("Only new asks become one. Untick what is something else."), status=422)
    if len(proposals) < 2:
        raise Refusal(_("Tick two new asks or more that say the same."), status=422)
    best = best_standing([one.ask for one in proposals])
    head = next(one for one in proposals if one.ask_id == best.pk)
    also = [one.ask for one in proposals if one != head]
    accept(
        proposal=head,
        actor=member_of(request),
        now=clock.now(),
        seen_at=moment(request.POST.get("seen_at", "")),
        also=also,
    )
    best.refresh_from_db()
    said = ngettext(
        "%(n)d new asks are one now: “%(title)s”, with %(posts)d post.",
        "%(n)d new asks are one now: “%(title)s”, with %(posts)d posts.",
        best.post_count,
    )
    words = {"n": len(proposals), "title": best.title, "posts": best.post_count}
    messages.success(request, said % words, extra_tags=undo_tag(head))
    return Settled(done=proposals)


@require_POST
@manager_required
def proposals_undo(request: HttpRequest) -> HttpResponse:
    """Take back what the reader said of several proposals, where it still stands: all of it or nothing."""
    words = dict(list(words_of(request).items())[:MOST])
    found = list(Proposal.objects.filter(public_id__in=words).select_related("ask__product"))
    undone, left = take_back_several(
        proposals=found, words=words, actor=member_of(request), now=clock.now()
    )
    forget_several(request)
    messages.success(request, _undone(undone, left))
    order = list(words)
    first = min(found, key=lambda one: order.index(one.public_id))
    return redirect("desk:proposal", first.public_id)


def _undone(undone: int, left: int) -> str:
    if not left:
        return _("Undone. Everything is as it was before.")
    back = ngettext("%(n)d proposal is open again.", "%(n)d proposals are open again.", undone)
    stay = ngettext(
        "%(n)d stays decided: somebody said something else since, or its author has been told.",
        "%(n)d stay decided: somebody said something else since, or their authors have been told.",
        left,
    )
    return f"{back % {'n': undone}} {stay % {'n': left}}"


def _in_place(request: HttpRequest, proposals: list[Proposal], settled: Settled) -> HttpResponse:
    """Answer with what was said, and without the rows that are decided."""
    wish, now = wish_of(request), clock.now()
    product = proposals[0].ask.product
    products.about(request, product)
    context = {
        "keep": wish.query,
        "decided": True,
        "done": settled.done,
        "named": _named_by(settled.done),
        "to_decide": waiting(product, Wish(), now=now).count(),
        "waiting_count": waiting(product, wish, now=now).count(),
        "week": decided_this_week(product, now=now),
        "undo_of_my_last": undo_of_my_last(request),
        "tabs": kind_tabs(product, wish, now=now),
    }
    return varies(render(request, "desk/inbox/inbox.html#several", context))


def _named_by(done: list[Proposal]) -> list[str]:
    """Return what the new asks among ``done`` are called that are confirmed now."""
    asks = Ask.objects.filter(proposals__in=done, state=Ask.State.PUBLIC)
    return list(asks.values_list("title", flat=True))


def _tell(request: HttpRequest, do: str, settled: Settled) -> None:
    """Say what was done, with one undo for all of it, and what was not."""
    if settled.done:
        tag = undo_tag_of_several(request, settled.done, now=clock.now())
        messages.success(request, _done(do, len(settled.done)), extra_tags=tag)
    for proposal, why in settled.refused[:NAMED]:
        words = {"title": shown_proposal(proposal).title, "why": why}
        messages.error(request, _("“%(title)s” stays: %(why)s") % words)
    more = len(settled.refused) - NAMED
    if more > 0:
        left = ngettext("%(n)d more stays as it was.", "%(n)d more stay as they were.", more)
        messages.error(request, left % {"n": more})


def _done(do: str, number: int) -> str:
    match do:
        case "confirm":
            said = ngettext("Accepted %(n)d proposal.", "Accepted %(n)d proposals.", number)
        case "reject":
            said = ngettext("Said no to %(n)d proposal.", "Said no to %(n)d proposals.", number)
        case _:
            said = ngettext(
                "%(n)d proposal waits under “Later”.", "%(n)d proposals wait under “Later”.", number
            )
    return said % {"n": number}


Say = Callable[[Proposal], object]


def _confirm(request: HttpRequest) -> Say:
    actor, now = member_of(request), clock.now()
    seen_at = moment(request.POST.get("seen_at", ""))
    return lambda one: accept(proposal=one, actor=actor, now=now, seen_at=seen_at)


def _reject(request: HttpRequest) -> Say:
    actor, now = member_of(request), clock.now()
    return lambda one: dismiss(proposal=one, actor=actor, now=now)


def _later(request: HttpRequest) -> Say:
    actor, now = member_of(request), clock.now()
    return lambda one: put_off(proposal=one, actor=actor, now=now)


ACTS: dict[str, Callable[[HttpRequest], Say]] = {
    "confirm": _confirm,
    "reject": _reject,
    "later": _later,
}
