"""Which feed stands beside a page."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from feedback.forum.products.queries import current, keep_product
from feedback.forum.search.asking import asked_in
from feedback.forum.search.filters import ME

#: The feed of each page that has one.
FEEDS = {
    "forum:board-detail": "notify:feed-board",
    "forum:post-detail": "notify:feed-post",
    "forum:person-detail": "notify:feed-person",
    "forum:search": "notify:feed-search",
    "asks:ask-detail": "notify:feed-ask",
    "asks:ask-list": "notify:feed-answers",
    "roadmap:roadmap": "notify:feed-roadmap",
    "roadmap:item-detail": "notify:feed-roadmap",
    "roadmap:release-list": "roadmap:changelog-feed",
    "roadmap:release-detail": "notify:feed-roadmap",
}
#: Those that are of one thing, and not of a product.
_OF_ONE = ("notify:feed-board", "notify:feed-post", "notify:feed-person", "notify:feed-ask")


def feed_beside(request: HttpRequest) -> str:
    """Return the address of the feed of the page that ``request`` asks for, "" where it has none."""
    page = request.resolver_match
    name = FEEDS.get(page.view_name, "") if page is not None else ""
    if not name or page is None or request.META.get("heed.closed"):
        return ""
    if name in _OF_ONE:
        return in_language(reverse(name, args=list(page.kwargs.values())))
    if name == "notify:feed-search":
        return _of_search(request)
    return in_language(reverse(name), **keep_product(current(request)))


def _of_search(request: HttpRequest) -> str:
    """Return the address of the feed of what is looked for; "" for nothing, and for what only its reader means by "me"."""
    try:
        asked = asked_in(request)
    except Http404:  # an address that leads nowhere has the page that says so, and no feed
        return ""
    is_own = any(one.filter.name == "by" and one.value in ME for one in asked.narrowed.chosen)
    if is_own or not asked.is_any:
        return ""
    return in_language(reverse("notify:feed-search"), **asked.kept, **keep_product(asked.product))


def in_language(address: str, **query: str) -> str:
    """Return ``address`` with ``query``, in the language of whoever reads the page."""
    return f"{address}?{urlencode(query | {'language': get_language() or ''})}"
