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
from feedback.forum.products.queries import chosen
from feedback.kernel.atom import feed, in_its_language
from feedback.notify.channels.feed import queries


@require_safe
@in_its_language
def feed_board(request: HttpRequest, slug: str) -> HttpResponse:
    """New posts of a board."""
    board = access_board(slug)
    return feed(
        request,
        title=board.title,
        path=reverse("forum:board-detail", args=[board.slug]),
        version=queries.journal_end(),
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
        title=ask.title_here,
        path=reverse("asks:ask-detail", args=[ask.public_id]),
        version=queries.journal_end(),
        entries=lambda: queries.of_ask(ask),
    )


@require_safe
@in_its_language
def feed_answers(request: HttpRequest) -> HttpResponse:
    """What the team answers and declines."""
    path = reverse("asks:ask-list")
    return _of_groups(request, queries.ANSWERS, title=_("What the team says"), path=path)


@require_safe
@in_its_language
def feed_roadmap(request: HttpRequest) -> HttpResponse:
    """The roadmap and its releases."""
    path = reverse("roadmap:roadmap")
    return _of_groups(request, queries.ROADMAP, title=_("Roadmap and releases"), path=path)


def _of_groups(
    request: HttpRequest, groups: Collection[str], *, title: str, path: str
) -> HttpResponse:
    product = chosen(request)
    return feed(
        request,
        title=title if product is None else f"{title} · {product.title}",
        path=path,
        version=queries.journal_end(),
        entries=lambda: queries.of_groups(groups, product=product),
    )
