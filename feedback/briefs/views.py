"""The weekly briefs, for everyone: a list, a page each, a feed."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from feedback.accounts.permissions import is_team
from feedback.briefs import queries
from feedback.briefs.models import LANGUAGES, Brief
from feedback.briefs.permissions import access_brief
from feedback.briefs.presenting import for_reader, language_here, shown
from feedback.forum.products.queries import about, all_products, chosen, keep_product, usual
from feedback.kernel import markdown
from feedback.kernel.feeds import ENTRIES, FeedEntry, feed, in_its_language

BRIEFS_PER_PAGE = 20


@require_safe
def brief_list(request: HttpRequest) -> HttpResponse:
    """All briefs, the latest first."""
    product = chosen(request)
    kept = keep_product(product)
    page = Paginator(queries.published(product), BRIEFS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "briefs/brief_list.html",
        {
            "page": page,
            "keep": urlencode(kept),
            "followed": product or usual(all_products(request)),
            "feed_url": _feed_url(kept),
        },
    )


@require_safe
def brief_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One brief, in the reader's language or in the one that the address names. Of one that was taken back, why."""
    brief = access_brief(request.user, public_id)
    product = about(request, brief.product)
    wanted = request.GET.get("language", "")
    read = shown(brief, wanted if wanted in LANGUAGES else language_here())
    other = next((one for one in LANGUAGES if one != read.language and brief.words(one)), "")
    return render(
        request,
        "briefs/brief_detail.html",
        {
            "brief": brief,
            "read": read if brief.is_published or is_team(request.user) else None,
            "other": other,
            "notes": brief.notes.all(),
            "kept": urlencode(keep_product(product)),
            "feed_url": _feed_url(keep_product(product)),
        },
    )


@require_safe
@in_its_language
def brief_feed(request: HttpRequest) -> HttpResponse:
    """The briefs as an Atom feed, each whole, in the language that the address names or the reader's."""
    product = chosen(request)
    briefs = queries.published(product)
    title = _("Weekly briefs")
    return feed(
        request,
        title=title if product is None else f"{title} · {product.title}",
        path=reverse("briefs:brief-list"),
        version=briefs.order_by().aggregate(n=Count("pk"), at=Max("changed_at")),
        entries=lambda: map(_entry, briefs[:ENTRIES]),
    )


def _entry(brief: Brief) -> FeedEntry:
    assert brief.published_at is not None  # what is published has been
    return FeedEntry(
        key=f"brief:{brief.public_id}",
        title=brief.title,
        path=brief.address,
        html=markdown.render(for_reader(brief)),
        at=brief.published_at,
        changed_at=brief.changed_at,
    )


def _feed_url(kept: dict[str, str]) -> str:
    return f"{reverse('briefs:brief-feed')}?{urlencode(kept | {'language': get_language() or ''})}"
