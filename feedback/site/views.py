"""Home, and how the site looks to a reader."""

from collections.abc import Iterable
from itertools import zip_longest

from django.conf import settings
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import check_for_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language as django_set_language

from feedback.accounts import operations as accounts
from feedback.accounts import visits
from feedback.accounts.models import User
from feedback.asks.coverage import coverage as coverage_of_asks
from feedback.asks.coverage import summary
from feedback.briefs.queries import on_home
from feedback.forum import queries as forum
from feedback.forum.models import Board, Product
from feedback.forum.permissions import access_product
from feedback.forum.posts import listing
from feedback.forum.products.queries import (
    about,
    all_products,
    chosen,
    current,
    link_of,
    products,
)
from feedback.kernel import clock, slots
from feedback.kernel.htmx import is_htmx
from feedback.kernel.identity import identity
from feedback.kernel.way_back import is_ours
from feedback.measure.coverage.queries import forget_hidden, hidden_coverage
from feedback.measure.quality.queries import public_quality
from feedback.roadmap.reports.presenting import invitations
from feedback.roadmap.train.queries import this_week
from feedback.site.context import THEMES
from feedback.site.lately import lately, shipped
from feedback.ui.templatetags.wording import language_tag

THEME_COOKIE = "heed_theme"
_THEME_COOKIE_AGE = 365 * 24 * 3600
#: How good the grouping is takes a few counts of everything; it is worked out once in so many seconds.
_QUALITY_SECONDS = 300


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the posts of all boards under what they add up to."""
    return _front(request, None)


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the posts of one product's boards; of a site's only product, that is home."""
    found = about(request, access_product(request.user, slug))
    return redirect("site:home", permanent=False) if found is None else _front(request, found)


def posts_page(request: HttpRequest) -> str:
    """Return the address of the posts of the product that the page is about, of all when it is about none."""
    now = current(request)
    return reverse("site:home") if now is None else reverse("site:product", args=[now.slug])


def _front(request: HttpRequest, product: Product | None) -> HttpResponse:
    visits.come(request, now=clock.now())
    sort = listing.sort_of(request)
    posts = listing.posts_in(request, sort, product=product)
    page = listing.page_of(request, posts, with_excerpt=True)
    said, out = lately(product), shipped(product)
    return render(
        request,
        "site/home.html",
        {
            "nav": "posts",
            "summary": summary(product),
            "boards": _used_first(forum.boards_with_counts(request.user, product)),
            "sort": sort,
            "tabs": listing.tabs_of(request, sort),
            "page": page,
            "keep": "" if sort == "hot" else f"sort={sort}",
            "week": this_week(product, timezone.localdate(clock.now())),
            "brief": on_home(product, now=clock.now()),
            "lately": said,
            "shipped": out,
            "strip": list(zip_longest(out, said)) if page.number == 1 else (),
            "news": _news_for(request) if sort == "hot" and page.number == 1 else "",
            "reports": invitations(product, request.user, now=clock.now()),
        },
    )


def _news_for(request: HttpRequest) -> str:
    """Return what a member was told and has not read, "" where there is nothing."""
    if not isinstance(request.user, User):
        return ""
    found: str = slots.gather("member-news", request, [request.user]).get(request.user.pk, "")
    return found


def _used_first(boards: Iterable[Board]) -> list[Board]:
    """Return ``boards`` with the products that have posts before those that have none yet."""
    found = list(boards)
    used = {board.product_id for board in found if board.post_count}
    return sorted(found, key=lambda board: board.product_id not in used)


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """Show everyone how many asks are answered, how fast, and how good the grouping is."""
    product = chosen(request)
    forget_hidden()
    hidden = hidden_coverage()
    if _is_hidden(request, product):
        raise Http404
    answered = coverage_of_asks(product, besides=hidden)
    # Each product has its own; of several together nothing is measured.
    measured = product or next(iter(() if products(request) else all_products(request)), None)
    wait = answered.median_wait
    return render(
        request,
        "site/coverage.html",
        {
            "coverage": answered,
            "wait_days": round(wait.total_seconds() / 86_400) if wait is not None else None,
            "quality": measured
            and caches["template_fragments"].get_or_set(
                f"site.public-quality:{measured.pk}",
                lambda: public_quality(measured),
                _QUALITY_SECONDS,
            ),
        },
    )


def _is_hidden(request: HttpRequest, product: Product | None) -> bool:
    """Whether the team keeps to itself how well it answers: that of ``product``, or those of all of them."""
    hidden = hidden_coverage()
    those = [product] if product is not None else all_products(request) if hidden else []
    return bool(those) and all(one.pk in hidden for one in those)


def coverage_link(request: HttpRequest) -> str:
    """Return the address of `coverage` for the product that a page is about, "" where its team keeps that to itself."""
    return "" if _is_hidden(request, current(request)) else link_of("site:coverage")(request)


@require_safe
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """Say what the site is to a home screen, in the site's own language: whoever puts it there has one copy for all."""
    look = identity()
    with translation.override(settings.LANGUAGE_CODE):
        about = {
            "id": "/",
            "name": look.called,
            "short_name": look.called,
            "description": look.described,
            "lang": language_tag(settings.LANGUAGE_CODE.split("-")[0]),
            "dir": "ltr",
            "start_url": reverse("site:home"),
            "scope": "/",
            "display": "standalone",
            "background_color": "#fbfaf7",
            "theme_color": "#fbfaf7",
            "icons": [
                _icon(path, size, may_be_cut)
                for path, size, may_be_cut in look.home_icons or _house_icons()
            ],
        }
    return JsonResponse(about, content_type="application/manifest+json")


def _house_icons() -> list[tuple[str, int, bool]]:
    names = (
        ("icon-192.png", 192, False),
        ("icon-512.png", 512, False),
        ("icon-maskable-512.png", 512, True),
    )
    return [(static(f"ui/img/{name}"), size, may_be_cut) for name, size, may_be_cut in names]


def _icon(path: str, size: int, may_be_cut: bool) -> dict[str, str]:
    purpose = {"purpose": "maskable"} if may_be_cut else {}
    return {"src": path, "sizes": f"{size}x{size}", "type": "image/png", **purpose}


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch the language of the site, in a cookie and for a member also for mails."""
    language = request.POST.get("language", "")
    if isinstance(request.user, User) and check_for_language(language):
        accounts.choose_language(person=request.user, language=language)
    return django_set_language(request)


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Choose day, night or what the device has; the choice is a cookie."""
    theme = request.POST.get("theme", "auto")
    back = request.POST.get("next", "/")
    if not is_ours(request, back):
        back = "/"
    response = HttpResponse(status=204) if is_htmx(request) else HttpResponseRedirect(back)
    if theme in THEMES and theme != "auto":
        response.set_cookie(
            THEME_COOKIE,
            theme,
            max_age=_THEME_COOKIE_AGE,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response
