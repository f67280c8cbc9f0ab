"""What was decided, by whom, and taking it back."""

from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from feedback.accounts.permissions import manager_required, member_of, team_required
from feedback.asks.decisions.undo import undo as undo_decision
from feedback.asks.models import Decision, Proposal
from feedback.desk.presenting import PAIRS
from feedback.desk.product import picked
from feedback.kernel import clock
from feedback.kernel.way_back import came_from, page_above


@require_safe
@team_required
def decisions(request: HttpRequest) -> HttpResponse:
    """Every decision, newest first, each with its undo."""
    product = picked(request)
    rows = (
        Decision.objects.filter(
            Q(ask__product=product) | Q(area__product=product) | Q(product=product)
        )
        .select_related("ask", "other_ask", "area", "other_area", "product", "actor", "undone_by")
        .prefetch_related(PAIRS)
        .order_by("-id")
    )
    about = request.GET.get("ask", "")
    if about:
        rows = rows.filter(Q(ask__public_id=about) | Q(other_ask__public_id=about))
    return render(
        request,
        "desk/decisions/decisions.html",
        {
            "nav": "desk",
            "page": Paginator(rows, 40).get_page(request.GET.get("page")),
            "keep": urlencode({"ask": about}) if about else "",
        },
    )


@require_POST
@manager_required
def undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take one decision back."""
    decision = get_object_or_404(Decision, public_id=public_id)
    closed = Proposal.objects.filter(decision=decision).first()
    undo_decision(decision=decision, actor=member_of(request), now=clock.now())
    said = _("Undone. Everything is as it was before.")
    if decision.ask is not None:
        decision.ask.refresh_from_db()
        said = _("Undone: “%(title)s” is as it was before.") % {"title": decision.ask.title}
    messages.success(request, said)
    back = came_from(request, otherwise=page_above(request))
    if closed is not None and is_of_the_inbox(back):
        closed.refresh_from_db()
        if closed.state == Proposal.State.OPEN:
            return redirect("desk:proposal", closed.public_id)
    return redirect(back)


def is_of_the_inbox(address: str) -> bool:
    """Whether ``address`` is the inbox or one of its proposals."""
    home = reverse("desk:inbox")
    path = urlsplit(address).path
    return path == home or path.startswith(f"{home}proposals/")
