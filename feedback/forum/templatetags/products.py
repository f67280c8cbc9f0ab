"""Which product a row of a list is about, where the list is of all of them."""

from typing import Any

from django import template

from feedback.forum.products.queries import current, products

register = template.Library()


@register.simple_tag(takes_context=True)
def product_name(context: dict[str, Any], product_id: int | None) -> str:
    """Return what the product is called; "" where the whole page is about it, and on a site with one."""
    request = context.get("request")
    if request is None or current(request) is not None:
        return ""
    return next((one.title for one in products(request) if one.pk == product_id), "")
