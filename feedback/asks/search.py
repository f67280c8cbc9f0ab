"""Finding asks by words: by their title and by what their posts say."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.loader import render_to_string

from feedback.accounts.models import User
from feedback.asks.models import Ask, Membership
from feedback.asks.queries import asks_visible_to
from feedback.forum.models import Product
from feedback.forum.products.queries import within
from feedback.forum.search import index
from feedback.forum.search.words import query_terms
from feedback.kernel import text

SHOWN = 5
#: Posts looked at for a query; an ask with many of them among these is likely what was meant.
_HITS = 200
#: Titles looked at for a query, those of the most people first.
_TITLES = 50
#: Points for a title, beside one for each post found: the whole title, or a title with every word.
_WHOLE_TITLE, _IN_TITLE = 1_000_000, 1_000


def find_asks(
    query: str,
    *,
    person: User | AnonymousUser,
    product: Product | None = None,
    limit: int = SHOWN,
) -> list[Ask]:
    """Return up to ``limit`` asks that ``query`` finds among those ``person`` may see, best first.

    Of ``product`` alone when one is given.

    An ask is found when its title holds every word, or when a post of it does; its keywords are words of its
    posts. A title stands before every number of posts; then comes the ask that more of the posts found belong
    to, and of equal ones a confirmed one.
    """
    terms = query_terms(query)
    if not terms:
        return []
    visible = asks_visible_to(person).filter(within(product))
    score: Counter[int] = Counter()
    in_title = visible
    for term in terms:
        for token, _begins in term:
            in_title = in_title.filter(title__icontains=token)
    wanted = text.fold(query)
    for pk, title in in_title.order_by("-people_count", "pk").values_list("pk", "title")[:_TITLES]:
        score[pk] += _WHOLE_TITLE if text.fold(title) == wanted else _IN_TITLE
    hits = [pk for pk, _score in index.find(query, limit=_HITS, mode="all", product=product)]
    # Two queries: in one SQLite would go through the members of every ask.
    held = list(Membership.objects.filter(post__in=hits).values_list("ask", flat=True))
    shown = set(visible.filter(pk__in=set(held)).values_list("pk", flat=True))
    score.update(ask_id for ask_id in held if ask_id in shown)
    found = visible.in_bulk(pk for pk, _points in score.most_common(4 * limit))
    return sorted(
        found.values(),
        key=lambda ask: (
            -score[ask.pk],
            ask.state != Ask.State.PUBLIC,
            -ask.people_count,
            ask.pk,
        ),
    )[:limit]


def search_asks(request: HttpRequest, searches: Sequence[Any]) -> Mapping[int, Any]:
    """Return, for each search, the list of asks that its words find; nothing when they find none."""
    shown = {}
    for one in searches:
        asks = find_asks(one.query, person=request.user, product=one.product)
        if asks:
            shown[one.pk] = render_to_string(
                "asks/_found_asks.html", {"asks": asks}, request=request
            )
    return shown
