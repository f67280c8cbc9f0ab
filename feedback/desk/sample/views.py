"""Taking a sample away, after having read what goes with it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from feedback.accounts.permissions import administrator_required, member_of
from feedback.forum.permissions import access_product
from feedback.forum.products.queries import about
from feedback.kernel import clock
from feedback.sample.removing import has_left, is_leaving, remove_sample, what_goes


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
def sample_remove(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what goes and what is kept, then have the sample taken away; while it goes, say how much is still there."""
    if has_left(slug):
        messages.success(request, _("The sample is gone."))
        return redirect("desk:inbox")
    product = access_product(request.user, slug)
    if not product.sample:
        raise Http404
    if request.method == "POST":
        remove_sample(product=product, actor=member_of(request), now=clock.now())
        messages.success(
            request, _("“%s” is being removed. The site is all yours.") % product.title
        )
        return redirect("desk:inbox")
    about(request, product)
    context = {
        "nav": "desk",
        "sample": product,
        "goes": what_goes(product),
        "is_leaving": is_leaving(product),
    }
    return render(request, "desk/sample/sample_remove.html", context)
