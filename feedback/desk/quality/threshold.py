"""The threshold of new posts as a slider, with a look at what would move before anything is set."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from feedback.accounts.permissions import manager_required, member_of
from feedback.desk.product import picked
from feedback.forum.models import Product
from feedback.grouping.place.threshold import placing_threshold
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal
from feedback.measure.calibration.setting import (
    bounds,
    preview,
    run_and_model,
    set_by_hand,
    set_threshold,
)


def slider_of(product: Product, said: str = "") -> dict[str, Any]:
    """Return what the slider shows of ``product``, at what is ``said`` or else as it is; nothing before the first grouping."""
    found = run_and_model(product)
    if found is None:
        return {}
    run, _model = found
    least, most = bounds(run)
    at = _number(said)
    at = min(max(round(placing_threshold(run) if at is None else at, 2), least), most)
    return {
        "at": f"{at:.2f}",
        "least": f"{least:.2f}",
        "most": f"{most:.2f}",
        "preview": preview(product, at),
        "set": set_by_hand(product),
    }


def _number(said: str) -> float | None:
    """Return the similarity that is said, 0 to 1; None for anything else."""
    said = said.strip().replace(",", ".")
    if not said.replace(".", "", 1).isascii() or not said.replace(".", "", 1).isdigit():
        return None
    value = float(said[:8])
    return value if 0 <= value <= 1 else None


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def threshold(request: HttpRequest) -> HttpResponseBase:
    """See what another threshold would have moved; set it, or have the found one hold again."""
    product = picked(request)
    if request.method == "POST":
        return _set(request, product)
    context = {"nav": "desk", "slider": slider_of(product, request.GET.get("at", ""))}
    return render(request, "desk/quality/threshold.html", context)


def _set(request: HttpRequest, product: Product) -> HttpResponse:
    takes_back = "to" in request.GET
    said = request.GET["to"] if takes_back else request.POST.get("at", "")
    wanted = None if said == "" or request.POST.get("do") == "found" else _number(said)
    if wanted is None and said and request.POST.get("do") != "found":
        raise Refusal(_("Write the similarity as a number from 0 to 1."), status=422)
    before = set_threshold(
        product=product, threshold=wanted, actor=member_of(request), now=clock.now()
    )
    undo = f"{reverse('desk:threshold')}?{urlencode({'to': '' if before is None else before})}"
    if takes_back:
        messages.success(request, _("Undone. Everything is as it was before."))
    else:
        messages.success(
            request,
            _("New posts join from %(threshold).2f on. Nothing that stands has moved.")
            % {"threshold": wanted}
            if wanted is not None
            else _("The found threshold holds again. Nothing that stands has moved."),
            extra_tags=f"undo:{undo}",
        )
    return redirect("desk:threshold")
