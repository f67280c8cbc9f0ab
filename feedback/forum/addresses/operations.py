"""Old addresses: where a post was shown before it came here, and how it is found again.

An address is a path with what is asked of it. What stands below a known path leads to its post too: tools add a title to
the number, or the place of a comment.
"""

from collections.abc import Iterable
from urllib.parse import unquote

from django.urls import Resolver404, resolve

from feedback.forum.models import OldAddress, Post
from feedback.kernel.clean_requests import can_be_kept

LENGTH = 500
#: Parts of a path that are looked at; nobody's links are deeper.
_DEEPEST = 12


def remember(addresses: Iterable[tuple[str, int]]) -> None:
    """Have these addresses lead to posts (primary keys). One that leads somewhere already stays as it is.

    What is a page of this site is never taken.
    """
    rows = [
        OldAddress(path=path, post_id=post_id)
        for address, post_id in addresses
        if (path := _plain(address))
        and len(path) <= LENGTH
        and can_be_kept(path)
        and not _is_page_here(path)
    ]
    OldAddress.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def post_at(path: str, query: str = "") -> Post | None:
    """Return the post that was shown at ``path`` or above it, None where none is known."""
    known = OldAddress.objects.filter(path__in=(found := _candidates(path, query)))
    leading = {one.path: one.post for one in known.select_related("post__board")}
    return next((leading[one] for one in found if one in leading), None)


def _candidates(path: str, query: str) -> list[str]:
    """Return what may be known of an address, the exact one first."""
    whole = _plain(path)
    parts = whole.split("/")[1:][:_DEEPEST]
    above = ["/" + "/".join(parts[:count]) for count in range(len(parts), 0, -1)]
    asked = [f"{whole}?{unquote(query)}"] if query else []
    every = dict.fromkeys((*asked, whole, *above))
    return [one for one in every if len(one) <= LENGTH and can_be_kept(one)]


def _plain(address: str) -> str:
    path, mark, query = address.partition("?")
    path = "/" + unquote(path).strip("/")
    return f"{path}?{unquote(query)}" if mark and query else path if path != "/" else ""


def _is_page_here(path: str) -> bool:
    if "?" in path:
        path = path.partition("?")[0]
    try:
        match = resolve(f"{path.rstrip('/')}/")
    except Resolver404:
        return False
    # "/posts/<id>/" is a page of this site and of others: only the id tells.
    return not match.kwargs
