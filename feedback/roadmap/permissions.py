"""Who may see and change what of the roadmap. Items and releases are public; managers change them."""

from django.http import Http404

from feedback.roadmap.models import Item, Release


def access_item(public_id: str) -> Item:
    """Return the item; raises `Http404`. Its link never dies, whatever its stage."""
    item = Item.objects.select_related("release").filter(public_id=public_id).first()
    if item is None:
        raise Http404
    return item


def access_release(version: str) -> Release:
    """Return the release called ``version``; raises `Http404`."""
    release = Release.objects.filter(version=version).first()
    if release is None:
        raise Http404
    return release
