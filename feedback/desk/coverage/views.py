"""How well the team answers, by board and by owner, and whether everybody may see it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from feedback.accounts.permissions import manager_required, member_of, team_required
from feedback.asks.table.wanted import NONE, Wanted
from feedback.desk.product import picked
from feedback.forum.models import Board
from feedback.kernel import clock, slots
from feedback.measure.coverage.operations import show_coverage
from feedback.measure.coverage.queries import Part, coverage_parts, keeps_coverage_in
from feedback.roadmap.promises.asks import promised_asks


@require_safe
@team_required
def coverage(request: HttpRequest) -> HttpResponse:
    """Which share of the asks is answered, how fast, and what waits longest; each number leads into the table of asks."""
    product, now = picked(request), clock.now()
    on_roadmap = promised_asks(product, today=now.date())
    parts = coverage_parts(product, promised=set(on_roadmap.promised), late=set(on_roadmap.late))
    plain = Wanted()
    context = {
        "nav": "desk",
        "whole": (parts.whole, _links(plain)),
        "boards": [(one, _links(_of_board(one))) for one in parts.boards],
        "owners": [
            (one, _links(plain.but(owner=getattr(one.thing, "public_id", NONE))))
            for one in parts.owners
        ],
        "is_hidden": keeps_coverage_in(product),
        "public_url": slots.gather("product-coverage", request, [product]).get(product.pk, ""),
    }
    return render(request, "desk/coverage/coverage.html", context)


def _of_board(part: Part) -> Wanted:
    return Wanted(board=part.thing.slug if isinstance(part.thing, Board) else "")


def _links(wanted: Wanted) -> dict[str, str]:
    """Return where each number of a row leads."""
    table = reverse("desk:ask-list")
    return {
        "all": f"{table}?{wanted.query}",
        "unanswered": f"{table}?{wanted.but(answered='no', sort='age').query}",
        "promised": f"{table}?{wanted.but(promised='yes').query}",
        "late": f"{table}?{wanted.but(promised='late').query}",
    }


@require_POST
@manager_required
def coverage_show(request: HttpRequest) -> HttpResponse:
    """Have everybody see it, or the team alone."""
    shows = request.POST.get("shows", request.GET.get("shows")) == "yes"
    show_coverage(product=picked(request), shows=shows, actor=member_of(request), now=clock.now())
    undo = f"{reverse('desk:coverage-show')}?shows={'no' if shows else 'yes'}"
    messages.success(
        request,
        _("Everybody can see how well you answer.")
        if shows
        else _("The team alone sees how well you answer."),
        extra_tags=f"undo:{undo}",
    )
    return redirect("desk:coverage")
