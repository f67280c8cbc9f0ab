"""Which samples a page shows."""

from dataclasses import dataclass

from django import template
from django.template import Context

from feedback.forum.models import Product
from feedback.kernel import slots

register = template.Library()

#: Pages that show what is on the site, of all products where the reader has chosen none.
_CONTENT = frozenset({"posts", "asks", "roadmap"})


@dataclass(frozen=True)
class Shown:
    """A sample that a page shows, and where the reader may take it away ("" where they may not)."""

    product: Product
    remove_url: str


@register.simple_tag(takes_context=True)
def samples_shown(context: Context) -> list[Shown]:
    """Return the samples that this page shows: that of its product, or all where it shows all products."""
    request, product = context.get("request"), context.get("product")
    if request is None:
        return []
    if product is not None:
        products = [product]
    elif context.get("nav") in _CONTENT:
        products = list(context.get("products") or [])
    else:
        products = []
    samples = [one for one in products if one.sample]
    places = slots.gather("sample-removal", request, samples)
    return [Shown(one, places.get(one.pk, "")) for one in samples]
