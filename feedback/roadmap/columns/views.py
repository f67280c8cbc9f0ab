"""Choosing the columns of the roadmap."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from feedback.accounts.permissions import manager_required, member_of
from feedback.forum.products.queries import about, all_products, chosen
from feedback.kernel import clock
from feedback.kernel.refusals import beside
from feedback.kernel.stale import StaleEdit, mark_of
from feedback.roadmap.columns.forms import ColumnsForm
from feedback.roadmap.columns.operations import choose_columns
from feedback.roadmap.columns.queries import columns_of


@manager_required
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest) -> HttpResponse:
    """The columns of a product's roadmap: names, stages, who sees each; or the usual ones."""
    product = chosen(request) or all_products(request)[0]
    data = request.POST if request.method == "POST" else None
    form = ColumnsForm(data, columns=columns_of(product))
    status, theirs = 422 if form.is_bound else 200, None
    is_usual = "usual" in request.POST
    if is_usual or form.is_valid():
        with beside(form):
            try:
                choose_columns(
                    product=product,
                    columns=[] if is_usual else form.wanted,
                    seen=request.POST.get("seen"),
                    actor=member_of(request),
                    now=clock.now(),
                )
            except StaleEdit as stale:
                form.data = request.POST.copy()
                form.data["seen"] = mark_of(stale.theirs)
                status, theirs = 409, stale.theirs
                raise
            messages.success(request, _("Saved."))
            return redirect(f"{request.path}?product={product.slug}")
    about(request, product)
    context = {"nav": "roadmap", "product": product, "form": form, "theirs": theirs}
    return render(request, "roadmap/columns/columns.html", context, status=status)
