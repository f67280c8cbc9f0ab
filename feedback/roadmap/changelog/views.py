"""The changelog: a page, a feed, and a page that other sites may show."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from feedback.accounts.permissions import is_manager
from feedback.forum.models import Product
from feedback.forum.products.queries import chosen, keep_product
from feedback.kernel import clock
from feedback.roadmap import credits
from feedback.roadmap.changelog import queries
from feedback.roadmap.framing import may_be_framed
from feedback.roadmap.models import Category, Release
from feedback.roadmap.train.presenting import by_category, notes_for_reader

RELEASES_PER_PAGE = 8
IN_FEED = 30
IN_WIDGET = 5


@require_safe
def release_list(request: HttpRequest) -> HttpResponse:
    """The timetable of releases, newest first, with what each brings and whom it thanks; by kind of change, and searched."""
    product = chosen(request)
    wanted = queries.wanted_of(request.GET.get("kind", ""), request.GET.get("q", ""))
    releases = queries.releases(product, wanted)
    page = Paginator(releases, RELEASES_PER_PAGE).get_page(request.GET.get("page"))
    credited = credits.credited(line for release in page for line in release.lines.all())
    kept: dict[str, Any] = keep_product(product)
    words = {"q": wanted.words} if wanted.words else {}
    kinds = [("", _("Everything")), *Category.choices]
    return render(
        request,
        "roadmap/changelog/release_list.html",
        {
            "nav": "roadmap",
            "page": page,
            "keep": urlencode(
                kept | words | ({"kind": wanted.category} if wanted.category else {})
            ),
            "kept": kept,
            "wanted": wanted,
            "tabs": [
                (
                    "?" + urlencode(kept | words | ({"kind": kind} if kind else {})),
                    label,
                    kind == wanted.category,
                )
                for kind, label in kinds
            ],
            "departures": [
                (release, [credited[line.pk] for line in release.lines.all()]) for release in page
            ],
            "feed_url": address_of("roadmap:changelog-feed", kept),
            "train_url": address_of("roadmap:train", kept),
            "is_manager": is_manager(request.user),
            "today": timezone.localdate(clock.now()),
        },
    )


@require_safe
def changelog_feed(request: HttpRequest) -> HttpResponse:
    """The last releases as an Atom feed, in the language that the address names or the reader's."""
    product = chosen(request)
    with language_of(request):
        kept = keep_product(product)
        page = request.build_absolute_uri(address_of("roadmap:release-list", kept))
        feed = Atom1Feed(
            title=_("%(site)s: what changed") % {"site": name_of(product)},
            link=page,
            description=_("What each version brought, and who asked for it."),
            language=translation.get_language(),
            feed_url=request.build_absolute_uri(),
        )
        for release in queries.out(product, limit=IN_FEED):
            link = request.build_absolute_uri(release.address)
            feed.add_item(
                title=release.version,
                link=link,
                unique_id=link,
                description=_content(release),
                pubdate=release.released_at,
                updateddate=release.released_at,
            )
        return HttpResponse(
            feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
        )


@require_safe
def changelog_widget(request: HttpRequest) -> HttpResponse:
    """The last releases as a small page, which the sites that a manager named may frame."""
    product = chosen(request)
    theme = request.GET.get("theme", "")
    with language_of(request):
        response = render(
            request,
            "roadmap/changelog/changelog_widget.html",
            {
                "releases": [
                    (release, by_category_of(release))
                    for release in queries.out(product, limit=IN_WIDGET)
                ],
                "name": name_of(product),
                "all_url": address_of("roadmap:release-list", keep_product(product)),
                "frame_theme": theme if theme in ("light", "dark") else "",
            },
        )
    return may_be_framed(response, product)


def by_category_of(release: Release) -> Sequence[tuple[Category, Sequence[Any]]]:
    """Return the lines of ``release``, which are at hand, by kind of change."""
    return by_category(credits.credited(release.lines.all()).values())


def _content(release: Release) -> str:
    context = {
        "release": release,
        "notes": notes_for_reader(release),
        "sections": [
            (category, [line for line in release.lines.all() if line.category == category])
            for category in Category
        ],
    }
    return render_to_string("roadmap/changelog/_feed_entry.html", context)


def name_of(product: Product | None) -> str:
    """Return what a reader elsewhere knows it by."""
    return product.title if product is not None and not product.is_default else settings.SITE_NAME


def language_of(request: HttpRequest) -> Any:
    """Return what speaks the language that the address names, "zh-hans" or "en"; the reader's own without one."""
    wanted = request.GET.get("language", "")
    known = wanted if wanted in dict(settings.LANGUAGES) else translation.get_language()
    return translation.override(known)


def address_of(name: str, kept: dict[str, Any]) -> str:
    """Return the address ``name`` with what it keeps."""
    return reverse(name) + ("?" + urlencode(kept) if kept else "")
