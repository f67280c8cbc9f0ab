"""Which product the team is at. Picked once on the desk, kept with the person's session."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from feedback.accounts.permissions import desk_required
from feedback.forum.models import Product
from feedback.forum.permissions import access_product
from feedback.forum.products.operations import default_product
from feedback.forum.products.queries import ABOUT, about, all_products, usual
from feedback.forum.rights.reading import reach_of
from feedback.kernel import clock

_KEPT = "desk.product"


def product_at(request: HttpRequest, *, may_be_made_up: bool = True) -> Product | None:
    """Return the product that the person is at without saying that the page is about it; None before the first."""
    about_it: Product | None = request.META.get(ABOUT)
    if about_it is not None and may_be_made_up:
        return about_it
    known = [one for one in all_products(request) if may_be_made_up or not one.sample]
    kept = request.session.get(_KEPT)
    product = next((one for one in known if one.slug == kept), None)
    own = reach_of(request.user).managed
    return product or next((one for one in known if one.pk in own), None) or usual(known)


def picked(request: HttpRequest, *, may_be_made_up: bool = True) -> Product:
    """Return the product that the person is at: the one they picked last, or else the usual one.

    Where ``may_be_made_up`` is False a sample is none of them: what a team brings does not go into it.
    """
    request.META.pop(ABOUT, None)
    product = product_at(request, may_be_made_up=may_be_made_up)
    if product is None:  # a site before its first board
        product = default_product(now=clock.now())
        all_products(request).append(product)
    about(request, product)
    return product


@require_POST
@desk_required
def pick(request: HttpRequest) -> HttpResponse:
    """Work on another product from now on."""
    request.session[_KEPT] = access_product(request.user, request.POST.get("product", "")).slug
    return redirect("desk:inbox")
