"""Moving an item to another column: what a drop, a key and a plain form all send."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from feedback.accounts.models import User
from feedback.accounts.permissions import manager_required, member_of
from feedback.asks.stages import Stage
from feedback.forum.products.queries import about
from feedback.kernel import clock
from feedback.kernel.refusals import beside
from feedback.kernel.way_back import is_ours
from feedback.roadmap import queries
from feedback.roadmap.models import Item
from feedback.roadmap.moving.forms import KEPT, PlaceForm
from feedback.roadmap.moving.operations import StaleMove, place
from feedback.roadmap.permissions import access_item


@manager_required
@require_http_methods(["GET", "HEAD", "POST"])
def item_place(request: HttpRequest, public_id: str) -> HttpResponse:
    """Move an item: at once where nothing else is needed, else with a small form.

    ``to`` names the stage, or on the way here those of the column it goes to; ``seen`` is where the person saw it.
    """
    item = access_item(request.user, public_id)
    if request.method != "POST":
        return _page(request, item)
    to, seen = request.POST.get("to", ""), request.POST.get("seen", "")
    if item.stage == to:
        messages.info(request, _("“%(title)s” stands there already.") % {"title": item.title})
        return redirect(_back(request, item))
    if seen and seen != item.stage:
        return _stale_page(request, item)
    form = _form(request, item, is_sent=True)
    if form.is_valid():
        written = {name: form.cleaned_data[name] for name in KEPT if name in form.cleaned_data}
        with beside(form):
            try:
                moved = place(
                    item=item,
                    stage=to,
                    seen=seen,
                    actor=member_of(request),
                    now=clock.now(),
                    **written,
                )
            except StaleMove:
                return _stale_page(request, access_item(request.user, public_id))
            messages.success(
                request,
                _("“%(title)s”: %(stage)s. Everyone who asked will be told.")
                % {"title": moved.title, "stage": moved.get_stage_display()},
            )
            return redirect(_back(request, moved))
    return _page(request, item, form=form, status=422)


def _form(request: HttpRequest, item: Item, *, is_sent: bool = False) -> PlaceForm:
    sent = request.POST if request.method == "POST" else request.GET
    return PlaceForm(
        request.POST if is_sent else None,
        item=item,
        wanted=sent.getlist("to"),
        back=sent.get("back", ""),
        today=timezone.localdate(clock.now()),
        kept=request.POST,
    )


def _back(request: HttpRequest, item: Item) -> str:
    """Return the page of the board that the person came from, at the item."""
    sent = request.POST if request.method == "POST" else request.GET
    back = sent.get("back", "").partition("#")[0]
    board = back if is_ours(request, back) else reverse("roadmap:roadmap")
    return f"{board}#item-{item.public_id}"


def _stale_page(request: HttpRequest, item: Item) -> HttpResponse:
    """Show where the item stands by now, and what the person wanted, with every word they wrote."""
    to = request.POST.get("to", "")
    wanted = {
        "stage": to if to in Stage.values else "",
        "words": [
            request.POST[name] for name in ("reason", "version", "text") if request.POST.get(name)
        ],
    }
    return _page(request, item, status=409, wanted=wanted)


def _page(
    request: HttpRequest,
    item: Item,
    *,
    form: PlaceForm | None = None,
    wanted: Mapping[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    about(request, item.product)
    last = queries.history(item).first() if wanted else None
    context = {
        "nav": "roadmap",
        "item": item,
        "form": form or _form(request, item),
        "wanted": wanted,
        "moved_by": User.objects.filter(pk=last.actor_id or 0).first() if last else None,
        "back": _back(request, item),
    }
    return render(request, "roadmap/moving/item_place.html", context, status=status)
