"""Who may see and change what of the roadmap. Items and releases are as public as their product; managers change them."""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from feedback.accounts.models import User
from feedback.forum.closed.reading import known_to
from feedback.forum.models import Product
from feedback.forum.products.queries import listed
from feedback.roadmap.models import Item, Release


def access_item(person: User | AnonymousUser, public_id: str) -> Item:
    """Return the item for ``person``; raises `Http404`. Its link never dies, whatever its stage."""
    item = (
        Item.objects.select_related("product", "release__product")
        .filter(known_to(person), public_id=public_id)
        .first()
    )
    if item is None:
        raise Http404
    return item


def access_release(version: str, product: Product | None) -> Release:
    """Return the release of ``product`` called ``version``; raises `Http404`.

    An address that names no product means the default one, else whichever open one had a release of that name first.
    """
    releases = Release.objects.filter(listed(product), version=version).select_related("product")
    release = releases.order_by("-product__is_default", "pk").first()
    if release is None:
        raise Http404
    return release
