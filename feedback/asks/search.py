"""Asks in a search: found by their titles, and by the posts that were found."""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Max, Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from feedback.accounts.models import User
from feedback.accounts.permissions import is_team
from feedback.asks.models import Ask, Membership
from feedback.asks.people import wanted_by
from feedback.asks.queries import asks_visible_to
from feedback.asks.stages import Stage
from feedback.forum.models import Product
from feedback.forum.products.queries import products, within
from feedback.forum.search import filters
from feedback.forum.search.filters import Filter, Meant
from feedback.forum.search.finding import OTHERS, Hit, Other, Search, Why, by_words
from feedback.forum.search.held import HeldTitles, Said
from feedback.forum.search.query import read_query
from feedback.forum.search.showing import reason_of
from feedback.journal.verbs import Verb
from feedback.kernel import clock

#: Posts found that are looked at; the ask of many of them is likely what was meant.
_HITS = 50
#: What an ask has before a post with the same words, and what the people behind it add.
_ASK, _PEOPLE = 1.0, 0.1


def _public_titles() -> Iterable[Said]:
    for pk, title, titles in Ask.objects.public().values_list("pk", "title", "titles"):
        others = [str(one) for one in titles.values() if one != title]
        yield pk, "\n".join([title, *others]), ""


def _public_mark() -> Hashable:
    found = Ask.objects.public().aggregate(count=Count("pk"), last=Max("pk"))
    return found["count"], found["last"]


_titles = HeldTitles(
    _public_titles,
    mark=_public_mark,
    verbs=[
        Verb.ASK_CONFIRMED,
        Verb.ASK_RENAMED,
        Verb.ASK_JOINED,
        Verb.ASK_SPLIT,
        Verb.ASK_DISMISSED,
        Verb.DECISION_UNDONE,
        Verb.RUN_FINISHED,
        Verb.POSTS_REHOUSED,
    ],
)


def find_asks(
    query: str,
    *,
    person: User | AnonymousUser,
    product: Product | None = None,
    limit: int = OTHERS,
) -> list[Ask]:
    """Return up to ``limit`` asks that ``query`` finds among those ``person`` may see, best first.

    Of ``product`` alone when one is given. An ask is found when its title holds every word, or when a post of it does.
    """
    search = Search(read_query(query, names={}), product=product)
    if not search.query.terms:
        return []
    hits, meant = by_words(search)
    found = _found(replace(search, hits=hits, meant=meant), person, limit=limit)
    return [ask for ask, _why, _score in found]


def _found(
    search: Search, person: User | AnonymousUser, *, limit: int
) -> list[tuple[Ask, Why, float]]:
    """Return up to ``limit`` asks that ``search`` finds with why and how well, best first."""
    if search.narrowed.value("ask") == "no":
        return []
    wanted = within(search.product)
    if stage := search.narrowed.value("stage"):
        wanted &= Q(stage=stage)
    if is_answered := search.narrowed.value("answered"):
        wanted &= Q(answered_at__isnull=is_answered != "yes")
    best: dict[int, tuple[Why, float]] = {}
    for pk, why, score in [*_by_title(search, wanted), *_by_posts(search)]:
        known = best.get(pk)
        if known is None or (why, -score) < (known[0], -known[1]):
            best[pk] = (why, score)
    found = asks_visible_to(person).filter(wanted, pk__in=list(best))
    ranked = sorted(
        (best[pk][0], -best[pk][1] - _PEOPLE * math.log1p(people), state != Ask.State.PUBLIC, pk)
        for pk, people, state in found.values_list("pk", "people_count", "state")
    )[:limit]
    asks = Ask.objects.in_bulk([pk for *_, pk in ranked])
    return [(asks[pk], why, -score) for why, score, _, pk in ranked if pk in asks]


def _by_title(search: Search, wanted: Q) -> Iterable[tuple[int, Why, float]]:
    among = Ask.objects.filter(wanted) if wanted else None
    found = _titles.find(search, now=clock.now(), enough=OTHERS, among=among)
    for pk, (why, score) in found.items():
        yield pk, why, score + _ASK


def _by_posts(search: Search) -> Iterable[tuple[int, Why, float]]:
    """Yield the asks of the posts found: more of an ask's posts make it likelier to be what was meant."""
    first = {hit.pk: hit for hit in search.hits[:_HITS]}
    held: defaultdict[int, list[Hit]] = defaultdict(list)
    for ask, post in Membership.objects.filter(post__in=list(first)).values_list("ask", "post"):
        held[ask].append(first[post])
    for ask, hits in held.items():
        why = min(hit.why for hit in hits)
        of_that = [hit.score for hit in hits if hit.why == why]
        if why in (Why.MEANING, Why.SOME) and len(of_that) < 2:
            continue  # one post that is only near does not speak for its ask
        yield ask, why, max(of_that) + 0.01 * len(of_that)


def search_asks(request: HttpRequest, searches: Sequence[Search]) -> Mapping[int, list[Other]]:
    """Fill "search-asks": the asks that each search finds, as rows of its list."""
    found = {search.pk: _found(search, request.user, limit=OTHERS) for search in searches}
    wanted = wanted_by(request.user, [ask for rows in found.values() for ask, *_ in rows])
    return {
        search.pk: [
            Other(why, score, _row(request, search, ask, why, wanted))
            for ask, why, score in found[search.pk]
        ]
        for search in searches
    }


def _row(request: HttpRequest, search: Search, ask: Ask, why: Why, wanted: set[int]) -> str:
    title = search.marker.mark(ask.title_here)
    return render_to_string(
        "asks/_ask_row.html",
        {
            "ask": ask,
            "marked_title": title,
            "wanted": wanted,
            "reason": reason_of(why, title, elsewhere=_("Your words in its posts")),
            "below": "forum/search/_why.html",
            "product": search.product,
            "products": products(request),
        },
    )


# --- What asks tell of posts ------------------------------------------------------------------------------------
def _in_asks(request: HttpRequest, **fields: Any) -> Q:
    """Return that a post is in an ask of this kind that the reader may see."""
    states = [Ask.State.PUBLIC, *([Ask.State.PROPOSED] if is_team(request.user) else [])]
    held = Membership.objects.filter(ask__state__in=states, **fields)
    return Q(pk__in=held.values("post"))


def _of_stage(request: HttpRequest, value: str) -> Meant:
    key, label = filters.known("stage", value.replace(" ", "_"), Stage.choices)
    if key == Stage.UNDER_REVIEW:
        decided = _in_asks(request, ask__stage__in=set(Stage) - {Stage.UNDER_REVIEW})
        return ~decided, str(label), key
    return _in_asks(request, ask__stage=key), str(label), key


def _has_ask(request: HttpRequest, value: str) -> Meant:
    return filters.yes_or_no("ask", value, _in_asks(request))


def _answered(request: HttpRequest, value: str) -> Meant:
    """Answered is what the team said something to, under the post or to its ask."""
    answered = Q(is_answered=True) | _in_asks(request, ask__answered_at__isnull=False)
    return filters.yes_or_no("answered", value, answered)


def provide_filters() -> None:
    """Add what asks know of posts to what a search may be narrowed by."""
    choices = filters.YES_OR_NO
    for one in (
        Filter(("stage", "阶段"), _("Stage"), _of_stage, lambda *_a: Stage.choices, "choice", True),
        Filter(
            ("ask", "需求", "诉求"), _("In an ask"), _has_ask, lambda *_a: choices, "choice", True
        ),
        Filter(
            ("answered", "已答复"),
            _("Answered by the team"),
            _answered,
            lambda *_a: choices,
            "choice",
            True,
        ),
    ):
        filters.provide(one)
