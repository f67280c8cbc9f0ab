"""Giving proposals to somebody of the team, to oneself, to nobody; and giving them back."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from feedback.accounts.models import IN_TEAM, User
from feedback.accounts.permissions import manager_required, member_of
from feedback.asks.models import Proposal
from feedback.asks.proposals.giving import give_proposal
from feedback.asks.proposals.several import settle_several
from feedback.desk.presenting import shown_proposal
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal
from feedback.kernel.way_back import came_from

MINE, NOBODY, GIVE = "mine", "nobody", "give"
#: What a form says that gives.
GIVES = (MINE, NOBODY, GIVE)
#: Proposals given back at once.
MOST = 100


def give(request: HttpRequest, proposals: Sequence[Proposal]) -> list[tuple[Proposal, str]]:
    """Give ``proposals`` to whom the form names, and say so with an undo; return those that were refused, with the reason.

    Raises `Refusal` where there is one alone and it is refused.
    """
    actor, now, owner = member_of(request), clock.now(), _whose(request)
    before: dict[str, str] = {}

    def say(one: Proposal) -> None:
        was = give_proposal(proposal=one, owner=owner, actor=actor, now=now)
        before[one.public_id] = was.public_id if was is not None else ""

    if len(proposals) == 1:
        say(proposals[0])
        refused = []
    else:
        refused = settle_several(proposals, say).refused
    if before:
        back = urlencode([("was", f"{pk}.{was}") for pk, was in before.items()])
        tag = f"undo:{reverse('desk:proposals-given')}?{back}"
        done = [one for one in proposals if one.public_id in before]
        messages.success(request, _said(done, owner, actor), extra_tags=tag)
    return refused


def _whose(request: HttpRequest) -> User | None:
    """Return whom the form names. Raises `Refusal` where it names nobody that it may be given to."""
    match request.POST.get("do", ""):
        case "mine":
            return member_of(request)
        case "nobody":
            return None
    owner = User.objects.filter(IN_TEAM, public_id=request.POST.get("owner", "")).first()
    if owner is None:
        raise Refusal(_("Choose who is to decide."), status=422)
    return owner


def _said(done: Sequence[Proposal], owner: User | None, actor: User) -> str:
    if len(done) > 1:
        number = len(done)
        said = (
            ngettext("%(n)d proposal is yours.", "%(n)d proposals are yours.", number)
            if owner == actor
            else ngettext("%(n)d proposal is given on.", "%(n)d proposals are given on.", number)
        )
        return said % {"n": number}
    words = {"title": shown_proposal(done[0]).title}
    if owner is None:
        return _("“%(title)s” is nobody’s now.") % words
    if owner == actor:
        return _("“%(title)s” is yours.") % words
    return _("“%(title)s” is with %(name)s.") % (words | {"name": owner.name})


@require_POST
@manager_required
def proposals_give_back(request: HttpRequest) -> HttpResponse:
    """Give proposals back to whose they were: all of them or none."""
    was = dict(one.partition(".")[::2] for one in request.GET.getlist("was")[:MOST])
    found = Proposal.objects.filter(public_id__in=was).select_related("ask__product")
    people = {one.public_id: one for one in User.objects.filter(public_id__in=was.values())}
    if not found:
        raise Refusal(_("There is nothing to undo."), status=422)
    with transaction.atomic():
        for one in found:
            give_proposal(
                proposal=one,
                owner=people.get(was[one.public_id]),
                actor=member_of(request),
                now=clock.now(),
            )
    messages.success(request, _("Undone. Everything is as it was before."))
    return redirect(came_from(request, otherwise=reverse("desk:inbox")))
