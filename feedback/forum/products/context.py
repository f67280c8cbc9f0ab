"""What every page shows of products, where there are several."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from feedback.forum.products import queries


def products(request: HttpRequest) -> dict[str, Any]:
    """Return the products, none where there is one alone, and the one that the page is about."""
    return {
        # Read once, and only by a template that asks.
        "products": SimpleLazyObject(lambda: queries.products(request)),
        "product": queries.current(request),
    }
