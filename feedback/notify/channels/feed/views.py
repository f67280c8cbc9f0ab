"""Feeds of what every visitor may read. ``language`` in the address says in which language: programs have none."""

from collections.abc import Collection, Iterator
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from feedback.accounts.claiming.queries import claimer_of
from feedback.accounts.permissions import member_of, member_required
from feedback.asks.permissions import access_ask
from feedback.asks.queries import resolve
from feedback.forum import allowed
from feedback.forum.permissions import access_board, access_person, access_post
from feedback.forum.products.queries import chosen, keep_product, link_of
from feedback.forum.search.asking import asked_in
from feedback.journal.queries import journal_end
from feedback.kernel import clock
from feedback.kernel.feeds import FeedEntry, feed, in_its_language
from feedback.notify.channels.feed import queries
from feedback.notify.channels.feed.own import access_reader, make_key, remove_key
from feedback.notify.happenings import without_addresses


@require_safe
@in_its_language
def feed_board(request: HttpRequest, slug: str) -> HttpResponse:
    """New posts of a board."""
    board = access_board(AnonymousUser(), slug)
    return feed(
        request,
        title=board.title,
        path=reverse("forum:board-detail", args=[board.slug]),
        version=journal_end(),
        entries=lambda: queries.new_posts(board=board),
    )


@require_safe
@in_its_language
def feed_post(request: HttpRequest, public_id: str) -> HttpResponse:
    """What is said under a post."""
    post = access_post(AnonymousUser(), public_id)
    return feed(
        request,
        title=without_addresses(post.title),
        path=reverse("forum:post-detail", args=[post.public_id]),
        version=journal_end(),
        entries=lambda: queries.of_comments(post),
    )


@require_safe
@in_its_language
def feed_person(request: HttpRequest, public_id: str) -> HttpResponse:
    """What somebody posts for everyone to read. Of an author whose words were claimed, what that person posts."""
    person = access_person(public_id)
    if (claimer := claimer_of(person)) is not None:
        return redirect("notify:feed-person", claimer.public_id)
    return feed(
        request,
        title=without_addresses(person.name),
        path=reverse("forum:person-detail", args=[person.public_id]),
        version=journal_end(),
        entries=lambda: queries.of_person(person),
    )


@require_safe
@in_its_language
def feed_search(request: HttpRequest) -> HttpResponse:
    """New posts with the words of a search, as its page narrows them down. It is one feed for whoever has the address."""
    request.user = AnonymousUser()
    asked = asked_in(request)
    kept = asked.kept | keep_product(asked.product)

    def entries() -> Iterator[FeedEntry]:
        allowed.search(request, now=clock.now())
        return queries.of_search(asked.search())

    return feed(
        request,
        title=_("Found for “%(words)s”") % {"words": asked.typed} if asked.typed else _("Search"),
        path=f"{reverse('forum:search')}?{urlencode(kept)}",
        kept=kept,
        version=journal_end(),
        entries=entries,
    )


@require_safe
@in_its_language
def feed_own(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """New posts of a closed board, for the feed reader of somebody who reads it: the address says who."""
    reader = access_reader(key)
    board = access_board(reader, slug)
    answer = feed(
        request,
        title=board.title,
        path=reverse("forum:board-detail", args=[board.slug]),
        version=journal_end(),
        entries=lambda: queries.inside(board),
    )
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex"
    return answer


@member_required
@require_POST
def feed_key(request: HttpRequest) -> HttpResponseBase:
    """Give the reader addresses of their own for closed boards, or new ones."""
    make_key(person=member_of(request), now=clock.now())
    messages.success(request, _("Here they are. Older ones lead nowhere any more."))
    return redirect(reverse("notify:wishes") + "#own-feeds")


@member_required
@require_POST
def feed_key_remove(request: HttpRequest) -> HttpResponseBase:
    """Have no address of the reader's own lead anywhere any more."""
    remove_key(person=member_of(request))
    messages.success(request, _("Taken back. None of them leads anywhere any more."))
    return redirect(reverse("notify:wishes") + "#own-feeds")


@require_safe
@in_its_language
def feed_ask(request: HttpRequest, public_id: str) -> HttpResponse:
    """What happens to an ask. Of one that was joined into another, what happens to that."""
    ask = access_ask(AnonymousUser(), public_id)
    home = resolve(ask)
    if home.pk != ask.pk:
        access_ask(AnonymousUser(), home.public_id)
        return redirect("notify:feed-ask", home.public_id, permanent=True)
    return feed(
        request,
        title=without_addresses(ask.title_here),
        path=reverse("asks:ask-detail", args=[ask.public_id]),
        version=journal_end(),
        entries=lambda: queries.of_ask(ask),
    )


@require_safe
@in_its_language
def feed_answers(request: HttpRequest) -> HttpResponse:
    """What the team answers and declines."""
    return _of_groups(request, queries.ANSWERS, _("What the team says"), page="asks:ask-list")


@require_safe
@in_its_language
def feed_roadmap(request: HttpRequest) -> HttpResponse:
    """The roadmap and its releases."""
    return _of_groups(request, queries.ROADMAP, _("Roadmap and releases"), page="roadmap:roadmap")


@require_safe
def feed_roadmap_before(request: HttpRequest) -> HttpResponse:
    """Where readers that were told of the roadmap's feed early still look for it."""
    kept = request.META["QUERY_STRING"]
    address = reverse("notify:feed-roadmap") + (f"?{kept}" if kept else "")
    return redirect(address, permanent=True)


def _of_groups(
    request: HttpRequest, groups: Collection[str], title: str, *, page: str
) -> HttpResponse:
    product = chosen(request)
    return feed(
        request,
        title=title if product is None else f"{title} · {product.title}",
        path=link_of(page)(request),
        kept=keep_product(product),
        version=journal_end(),
        entries=lambda: queries.of_groups(groups, product=product),
    )
