"""The changelog: a page, a feed, and a page that other sites may show."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from feedback.forum.models import Product
from feedback.forum.products.queries import (
    chosen,
    keep_product,
    listed,
    news_within,
    only_product,
)
from feedback.forum.rights.reading import manages
from feedback.journal.queries import journal_end
from feedback.kernel import clock
from feedback.kernel.drawn import drawn_as
from feedback.kernel.feeds import ENTRIES, FeedEntry, feed, in_its_language, picture_of
from feedback.kernel.identity import site_name
from feedback.roadmap import credits
from feedback.roadmap.changelog import queries
from feedback.roadmap.framing import may_be_framed
from feedback.roadmap.models import Category, Release
from feedback.roadmap.train.presenting import by_category, notes_for_reader

RELEASES_PER_PAGE = 5
IN_WIDGET = 5


@require_safe
def release_list(request: HttpRequest) -> HttpResponse:
    """The timetable of releases, newest first, with what each brings and whom it thanks; by kind of change, and searched."""
    product = chosen(request)
    wanted = queries.wanted_of(request.GET.get("kind", ""), request.GET.get("q", ""))
    releases = queries.releases(product, wanted)
    page = Paginator(releases, RELEASES_PER_PAGE).get_page(request.GET.get("page"))
    credited = credits.credited(line for release in page for line in release.lines.all())
    departures = [
        (release, [credited[line.pk] for line in release.lines.all()]) for release in page
    ]
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
            "departures": departures,
            "drawn_as": drawn_as(timezone.localdate(clock.now()), *map(_as_shown, departures)),
            "train_url": address_of("roadmap:train", kept),
            "is_manager": manages(request.user, product or only_product(request)),
            "today": timezone.localdate(clock.now()),
        },
    )


def _as_shown(departure: tuple[Any, Sequence[credits.CreditedLine]]) -> tuple[object, ...]:
    """Return all that the page shows of a release with what it brings."""
    release, lines = departure
    said = [(one.line.pk, one.line.text, one.line.item.stage, one.credit) for one in lines]
    coming = [(item.pk, item.title, item.stage) for item in release.still_to_come]
    when = (release.version, release.release_date, release.stop)
    return release.pk, release.product_id, when, said, coming


@require_safe
@in_its_language
def changelog_feed(request: HttpRequest) -> HttpResponse:
    """The last releases."""
    product = chosen(request)
    title = _("What changed")
    return feed(
        request,
        title=title if product is None else f"{title} · {product.title}",
        path=address_of("roadmap:release-list", keep_product(product)),
        kept=keep_product(product),
        version=journal_end(),
        entries=lambda: map(_feed_entry, queries.out(news_within(product), limit=ENTRIES)),
    )


def _feed_entry(release: Release) -> FeedEntry:
    out_at = cast(dt.datetime, release.released_at)
    return FeedEntry(
        key=f"release:{release.pk}",
        title=release.version,
        path=release.address,
        html=_content(release),
        at=out_at,
        changed_at=out_at,
        picture=picture_of(release.address),
    )


@require_safe
@in_its_language
def changelog_widget(request: HttpRequest) -> HttpResponse:
    """The last releases as a small page, which the sites that a manager named may frame."""
    product = chosen(request)
    theme = request.GET.get("theme", "")
    response = render(
        request,
        "roadmap/changelog/changelog_widget.html",
        {
            "releases": [
                (release, by_category_of(release))
                for release in queries.out(listed(product), limit=IN_WIDGET)
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
    return product.title if product is not None and not product.is_default else site_name()


def address_of(name: str, kept: dict[str, Any]) -> str:
    """Return the address ``name`` with what it keeps."""
    return reverse(name) + ("?" + urlencode(kept) if kept else "")
