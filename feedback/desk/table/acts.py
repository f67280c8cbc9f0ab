"""Deciding the same about several asks at once, with one undo for all of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from feedback.accounts.models import User
from feedback.accounts.permissions import manager_required, member_of
from feedback.asks.answers import decline_ask, reopen_ask
from feedback.asks.areas.operations import put_asks
from feedback.asks.decisions.confirm import confirm_ask, dismiss_ask, lock_ask, unlock_ask
from feedback.asks.decisions.shape import join_asks
from feedback.asks.decisions.undo import undo
from feedback.asks.models import Ask, Decision
from feedback.asks.permissions import access_area, asks_known_to
from feedback.asks.table.wanted import ME, NONE
from feedback.asks.team.owning import own_ask, possible_owners
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal
from feedback.kernel.way_back import came_from

#: Asks decided about at once.
MOST = 200


@dataclass
class Done:
    """What was done: the decisions, the asks that were declined, and the first thing that was refused of how many."""

    decisions: list[Decision] = field(default_factory=list)
    declined: list[Ask] = field(default_factory=list)
    asks: int = 0
    refused: int = 0
    why: str = ""

    @property
    def undo_url(self) -> str:
        """Where all of it is taken back."""
        of = [("of", one.public_id) for one in self.decisions]
        of += [("declined", one.public_id) for one in self.declined]
        return f"{reverse('desk:asks-undo')}?{urlencode(of)}"


@require_POST
@manager_required
def asks_decide(request: HttpRequest) -> HttpResponse:
    """Do the same with every ticked ask; those with which it cannot be done stay as they are, and the sentence says why."""
    back = redirect(came_from(request, otherwise=reverse("desk:ask-list")))
    ticked = request.POST.getlist("ask")[:MOST]
    known = asks_known_to(request.user).filter(public_id__in=ticked, joined_into=None)
    asks = list(known.order_by("-people_count", "id"))
    if not asks:
        raise Refusal(_("Tick one ask or more first."), status=422)
    do = request.POST.get("do", "")
    if do not in ACTS:
        raise Refusal(_("Choose what to do with them."), status=422)
    done = ACTS[do](request, asks)
    if done.decisions or done.declined:
        sentence = ngettext("Done with %(n)d ask.", "Done with %(n)d asks.", done.asks)
        messages.success(request, sentence % {"n": done.asks}, extra_tags=f"undo:{done.undo_url}")
    if done.refused:
        left = ngettext(
            "%(n)d ask stays as it was:", "%(n)d asks stay as they were:", done.refused
        ) % {"n": done.refused}
        messages.error(request, f"{left} {done.why}")
    return back


@require_POST
@manager_required
def asks_undo(request: HttpRequest) -> HttpResponse:
    """Take back all that was done at once: every decision or none of them."""
    of = request.GET.getlist("of")[:MOST]
    declined = request.GET.getlist("declined")[:MOST]
    actor, now = member_of(request), clock.now()
    decisions = Decision.objects.filter(public_id__in=of).order_by("-pk")
    asks = Ask.objects.filter(public_id__in=declined).order_by("pk")
    if not decisions and not asks:
        raise Refusal(_("There is nothing to undo."), status=422)
    with transaction.atomic():
        for decision in decisions:
            undo(decision=decision, actor=actor, now=now)
        for ask in asks:
            reopen_ask(ask=ask, actor=actor, now=now)
    messages.success(request, _("Undone. Everything is as it was before."))
    return redirect(came_from(request, otherwise=reverse("desk:ask-list")))


def _each(asks: Iterable[Ask], act: Callable[[Ask], Decision | Ask]) -> Done:
    """Do ``act`` with each of ``asks``; each that is refused stays as it was."""
    done = Done()
    for ask in asks:
        try:
            made = act(ask)
        except Refusal as refusal:
            done.refused += 1
            done.why = done.why or str(refusal)
            continue
        done.asks += 1
        if isinstance(made, Decision):
            done.decisions.append(made)
        else:
            done.declined.append(made)
    return done


def _area(request: HttpRequest, asks: list[Ask]) -> Done:
    to = request.POST.get("area", "")
    if not to:
        raise Refusal(_("Choose the area to move them to."), status=422)
    area = access_area(request.user, to) if to != NONE else None
    decision = put_asks(asks=asks, area=area, actor=member_of(request), now=clock.now())
    return Done(decisions=[decision], asks=len(asks))


def _owner(request: HttpRequest, asks: list[Ask]) -> Done:
    actor, now, owner = member_of(request), clock.now(), owner_named(request)
    return _each(asks, lambda ask: own_ask(ask=ask, owner=owner, actor=actor, now=now))


def owner_named(request: HttpRequest) -> User | None:
    """Return whom the form names as owner, None for nobody. Raises `Refusal` where it names none."""
    to = request.POST.get("owner", "")
    if to == NONE:
        return None
    if to == ME:
        return member_of(request)
    owner = possible_owners().filter(public_id=to).first() if to else None
    if owner is None:
        raise Refusal(_("Choose who shall own them."), status=422)
    return owner


def _lock(request: HttpRequest, asks: list[Ask]) -> Done:
    actor, now = member_of(request), clock.now()
    return _each(asks, lambda ask: lock_ask(ask=ask, actor=actor, now=now))


def _unlock(request: HttpRequest, asks: list[Ask]) -> Done:
    actor, now = member_of(request), clock.now()
    return _each(asks, lambda ask: unlock_ask(ask=ask, actor=actor, now=now))


def _confirm(request: HttpRequest, asks: list[Ask]) -> Done:
    actor, now = member_of(request), clock.now()
    return _each(asks, lambda ask: confirm_ask(ask=ask, actor=actor, now=now))


def _dismiss(request: HttpRequest, asks: list[Ask]) -> Done:
    actor, now = member_of(request), clock.now()
    return _each(asks, lambda ask: dismiss_ask(ask=ask, actor=actor, now=now))


def _join(request: HttpRequest, asks: list[Ask]) -> Done:
    """Join all into the one that most people are behind, one that is confirmed where any is."""
    if len(asks) < 2:
        raise Refusal(_("Tick two asks or more to join."), status=422)
    into = next((ask for ask in asks if ask.is_public), asks[0])
    others = [ask for ask in asks if ask.pk != into.pk]
    actor, now = member_of(request), clock.now()
    return _each(others, lambda ask: join_asks(ask=ask, into=into, actor=actor, now=now))


def _decline(request: HttpRequest, asks: list[Ask]) -> Done:
    reason, actor, now = request.POST.get("reason", "").strip(), member_of(request), clock.now()
    if not reason:
        raise Refusal(_("Write the reason: everyone who asked reads it."), status=422)
    return _each(asks, lambda ask: decline_ask(ask=ask, reason=reason, actor=actor, now=now))


ACTS: dict[str, Callable[[HttpRequest, list[Ask]], Done]] = {
    "area": _area,
    "owner": _owner,
    "lock": _lock,
    "unlock": _unlock,
    "confirm": _confirm,
    "dismiss": _dismiss,
    "join": _join,
    "decline": _decline,
}
