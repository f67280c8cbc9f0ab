"""The ways to this room's pages that stand on other rooms' pages."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from feedback.forum.models import Product
from feedback.forum.products.queries import keep_product, products


def coverage_of_products(request: HttpRequest, found: Sequence[Product]) -> Mapping[int, str]:
    """Fill "product-coverage": the page of how well each product is answered, as everybody sees it."""
    home, several = reverse("site:coverage"), bool(products(request))
    return {one.pk: f"{home}?{urlencode(keep_product(one))}" if several else home for one in found}
