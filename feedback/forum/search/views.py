"""Pages for finding posts, asks and what is planned, and people."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from feedback.accounts.claiming.presenting import on_page_of
from feedback.accounts.claiming.queries import claimer_of
from feedback.accounts.handover.queries import said_last
from feedback.accounts.joining.lineage import lineage_of
from feedback.accounts.models import User
from feedback.accounts.permissions import is_team
from feedback.forum import allowed, permissions, queries
from feedback.forum.posts import listing
from feedback.forum.products.queries import chosen, keep_product
from feedback.forum.receipts.numbers import number_of, numbered
from feedback.forum.search import filters
from feedback.forum.search.asking import asked_in
from feedback.forum.search.filters import Narrowed
from feedback.forum.search.finding import MOST, Results, Search, find
from feedback.forum.search.query import Query
from feedback.forum.search.showing import shown
from feedback.kernel import clock, markdown, slots, text
from feedback.kernel.htmx import is_htmx

#: Hits on a page: who has not found it among so many asks in other words.
PAGE_SIZE = 15
#: Letters of each comment on the page of a person.
_BEGINNING = 200
#: Says that a page looks again, for what is near in meaning.
_AGAIN = "again"


@require_safe
def search_posts(request: HttpRequest) -> HttpResponse:
    """Find posts, asks and what is planned, in one list: by words first, then by meaning.

    Everything that narrows it stands in the address. Where the encoder is late the page comes without it and asks
    for the list once more.
    """
    if any(
        one.name in request.GET and not request.GET[one.name].strip()
        for one in filters.all_filters()
    ):
        return redirect(f"{request.path}?{urlencode(_kept(request))}")
    asked = asked_in(request)
    called = numbered(asked.typed)
    post = permissions.post_numbered(request.user, called[0]) if called is not None else None
    if post is not None and called is not None and called[1]:
        return redirect("forum:post-detail", post.public_id)
    is_again = _AGAIN in request.GET
    if asked.query.words and not is_again:
        allowed.search(request, now=clock.now())
    search = asked.search(is_patient=is_again)
    number = min(listing.page_number(request), -(-MOST // PAGE_SIZE))
    results = find(request, search)
    start, stop = (number - 1) * PAGE_SIZE, number * PAGE_SIZE
    page = listing.Page(
        rows=shown(request, search, results, results.entries[start:stop]),
        number=number,
        has_next=len(results.entries) > stop,
    )
    return render(
        request,
        "forum/search/search.html" + ("#found" if is_again and is_htmx(request) else ""),
        {
            "nav": "posts",
            "query": asked.typed,
            "search": search,
            "results": results,
            "found_count": len(results.entries),
            "found_more": len(results.entries) >= MOST,
            "page": page,
            "product": asked.product,
            "numbered": post,
            "number": number_of(post) if post is not None else "",
            "is_search_page": True,
            "is_searching": asked.is_any,
            "looks_again": results.is_late and not is_again,
            "fields": _fields(request, asked.narrowed),
            "chips": _chips(request, asked.narrowed, asked.given),
            "without_filters": _without_filters(request, search, results),
            "keep": urlencode(_kept(request)),
            "title_encoded": quote(asked.query.words),
        },
    )


def _kept(request: HttpRequest, *left_out: str) -> dict[str, str]:
    """Return what of the address stays on the next page of the list."""
    left = {*left_out, "page", _AGAIN}
    kept = {name: request.GET.get(name, "") for name in request.GET if name not in left}
    return {name: value for name, value in kept.items() if value.strip()}


def _fields(request: HttpRequest, narrowed: Narrowed) -> list[dict[str, Any]]:
    """Return the fields of the form, each with its choices and its present value."""
    product = chosen(request)
    return [
        {
            "name": one.name,
            "label": one.label,
            "kind": one.kind,
            "value": narrowed.value(one.name),
            "choices": [
                (key, label, _is_chosen(narrowed, one.name, key, str(label)))
                for key, label in (one.choices(request, product) if one.choices else ())
            ],
        }
        for one in filters.all_filters()
    ]


def _is_chosen(narrowed: Narrowed, name: str, key: str, label: str) -> bool:
    value = narrowed.value(name)
    return bool(value) and filters.one_of(value, [(key, label)]) is not None


def _chips(
    request: HttpRequest, narrowed: Narrowed, given: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Return what is on, each with the address of the list without it."""
    return [
        (f"{one.filter.label}: {one.label}", f"?{urlencode(_kept(request, one.filter.name))}")
        for one in narrowed.chosen
        if given.get(one.filter.name)
    ]


def _without_filters(request: HttpRequest, search: Search, results: Results) -> str:
    """Return the address of the same search without its filters, where it found nothing with them and would without."""
    if results.entries or not search.narrowed.chosen or not search.query.terms:
        return ""
    plain = Query(typed=search.query.words, words=search.query.words, terms=search.query.terms)
    if not find(request, Search(plain, product=search.product)).entries:
        return ""
    return "?" + urlencode({"q": search.query.words} | keep_product(search.product))


@require_safe
def person_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a person and what they wrote; an imported author whose words were claimed leads to who they are."""
    person = permissions.access_person(public_id, reader=request.user)
    if (claimer := claimer_of(person)) is not None:
        return redirect("forum:person-detail", claimer.public_id)
    is_self = person == request.user
    shows = request.GET.get("show", "")
    shows_wanted, shows_said = is_self and shows == "wanted", shows == "said"
    posts = queries.posts_of(person, reader=request.user)
    page: listing.Page
    if shows_said:
        page = _said(request, person)
    else:
        page = listing.page_of(request, queries.wanted_by(person) if shows_wanted else posts)
    return render(
        request,
        "forum/people/person_detail.html",
        {
            "nav": "posts",
            "person": person,
            "page": page,
            "order_url": slots.gather("person-order", request, [person]).get(person.pk, ""),
            "is_self": is_self,
            "shows_wanted": shows_wanted,
            "shows_said": shows_said,
            "keep": "show=wanted" if shows_wanted else "show=said" if shows_said else "",
            "tabs": [
                (request.path, _("Posts"), not (shows_wanted or shows_said)),
                ("?show=said", _("Comments"), shows_said),
                *([("?show=wanted", _("What I want"), shows_wanted)] if is_self else []),
            ],
            "accepted": queries.accepted_answers_of(person),
            "asks": slots.gather("person-asks", request, [person]).get(person.pk, ""),
            "shipped": slots.gather("person-shipped", request, [person]).get(person.pk, ""),
            "claiming": on_page_of(person, reader=request.user, now=clock.now()),
            "product_account": said_last(person) if is_team(request.user) else None,
            **_lineage(request, person),
        },
    )


def _said(request: HttpRequest, person: User) -> listing.Page:
    """Return a page of the comments of ``person``: each with its first words, and the language of those."""
    said = queries.said_by(person)
    pks, number, has_next = listing.keys_of_page(request, said)
    found = said.in_bulk(pks)
    words = {pk: markdown.plain(one.body, length=_BEGINNING) for pk, one in found.items()}
    rows = [(found[pk], words[pk], text.language_of(words[pk])) for pk in pks if pk in found]
    return listing.Page(rows, number, has_next)


def _lineage(request: HttpRequest, person: User) -> dict[str, object]:
    found = lineage_of(person, reader=request.user)
    pages = slots.gather("person-page", request, [found.inviter] if found.inviter else [])
    return {
        "lineage": found,
        "inviter_page": pages.get(found.inviter.pk, "") if found.inviter else "",
        "branch_url": slots.gather("person-branch", request, [person]).get(person.pk, ""),
    }
