"""Finding posts and people."""

from types import SimpleNamespace
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from feedback.forum import permissions, queries
from feedback.forum.posts import listing
from feedback.forum.products.queries import chosen, keep_product
from feedback.forum.search import index
from feedback.kernel import slots, text

#: Whoever has not found it among so many asks in other words.
_LAST_PAGE = 8
_QUERY_LENGTH = 200


@require_safe
def search_posts(request: HttpRequest) -> HttpResponse:
    """Find posts by their words: those with all of them, or, when there are none, those with some.

    Above the first page stand the asks that these words find, from the room that knows them.
    """
    query = " ".join(text.normalise(request.GET.get("q", "")).split())[:_QUERY_LENGTH]
    number = min(listing.page_number(request), _LAST_PAGE)
    start, stop = (number - 1) * listing.PAGE_SIZE, number * listing.PAGE_SIZE
    product = chosen(request)
    found = index.find(query, limit=stop + 1, mode="all", product=product)
    has_all = bool(found)
    if not found:
        found = index.find(query, limit=stop + 1, mode="any", product=product)
    page = listing.page_with(
        request,
        [pk for pk, _ in found[start:stop]],
        with_excerpt=True,
        number=number,
        has_next=len(found) > stop and number < _LAST_PAGE,
    )
    asked = SimpleNamespace(pk=0, query=query, product=product)
    asks = slots.gather("search-asks", request, [asked]).get(0) if query and number == 1 else None
    return render(
        request,
        "forum/search/search.html",
        {
            "nav": "posts",
            "query": query,
            "asks": asks,
            "page": page,
            "has_all": has_all,
            "product": product,
            "keep": urlencode({"q": query} | keep_product(product)),
            "query_encoded": quote(query),
        },
    )


@require_safe
def person_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a person and what they wrote."""
    person = permissions.access_person(public_id)
    page = listing.page_of(request, queries.posts_of(person, reader=request.user))
    return render(
        request,
        "forum/people/person_detail.html",
        {"nav": "posts", "person": person, "page": page, "is_self": person == request.user},
    )
