"""Who may see and change what of the roadmap. Items and releases are public; managers change them."""

from django.http import Http404

from feedback.forum.models import Product
from feedback.forum.products.queries import within
from feedback.roadmap.models import Item, Release


def access_item(public_id: str) -> Item:
    """Return the item; raises `Http404`. Its link never dies, whatever its stage."""
    item = (
        Item.objects.select_related("product", "release__product")
        .filter(public_id=public_id)
        .first()
    )
    if item is None:
        raise Http404
    return item


def access_release(version: str, product: Product | None) -> Release:
    """Return the release of ``product`` called ``version``; raises `Http404`.

    An address that names no product means the default one, else whichever had a release of that name first.
    """
    releases = Release.objects.filter(within(product), version=version).select_related("product")
    release = releases.order_by("-product__is_default", "pk").first()
    if release is None:
        raise Http404
    return release
