"""Atom feeds of what every visitor may read. ``language`` in the address says in which language: programs have none."""

from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from feedback.asks.permissions import access_ask
from feedback.asks.queries import resolve
from feedback.forum.permissions import access_board
from feedback.forum.products.queries import chosen, keep_product, link_of
from feedback.journal.queries import journal_end
from feedback.kernel.atom import feed, in_its_language
from feedback.notify.channels.feed import queries
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
