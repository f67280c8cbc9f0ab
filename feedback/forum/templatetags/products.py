"""Which product a row of a list is about, where the list is of all of them."""

from typing import Any

from django import template
from django.utils.html import format_html

register = template.Library()


@register.simple_tag(takes_context=True)
def product_name(context: dict[str, Any], product_id: int | None) -> str:
    """Return the product's name as HTML; "" where the whole page is about it, and on a site with one."""
    if context.get("product") is not None:
        return ""
    name = next((one.title for one in context.get("products", ()) if one.pk == product_id), "")
    return format_html("<span>{}</span>", name) if name else ""
