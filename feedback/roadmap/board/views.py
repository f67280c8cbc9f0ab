"""The roadmap: a board, a list, a timeline, and now, next, later; and a page that other sites may show."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from feedback.forum.products.queries import chosen as chosen_product
from feedback.forum.products.queries import keep_product, only_product
from feedback.forum.rights.reading import manages
from feedback.kernel import clock
from feedback.kernel.drawn import drawn_as
from feedback.kernel.feeds import in_its_language
from feedback.roadmap import queries as roadmap_queries
from feedback.roadmap.board import queries
from feedback.roadmap.changelog.views import address_of, name_of
from feedback.roadmap.columns.queries import overview
from feedback.roadmap.framing import may_be_framed

ROWS_PER_PAGE = 40


@require_safe
def roadmap(request: HttpRequest) -> HttpResponse:
    """Everything that was decided, as the reader likes to look at it: by view, stage and area."""
    product = chosen_product(request)
    shown = overview(request.user, product or only_product(request))
    chosen = queries.chosen_of(
        request.GET.get("view", ""),
        request.GET.get("stage", ""),
        request.GET.get("area", ""),
        product,
        shown,
    )
    kept: dict[str, Any] = keep_product(product)
    filters = {"stage": chosen.stage, "area": chosen.area.public_id if chosen.area else ""}
    filters = {name: value for name, value in filters.items() if value}
    context: dict[str, Any] = {
        "nav": "roadmap",
        "chosen": chosen,
        "tabs": [
            (
                _to(kept | filters | ({"view": view} if view != "board" else {})),
                label,
                view == chosen.view,
            )
            for view, label in queries.VIEWS.items()
        ],
        "areas": queries.areas(product),
        "stages": shown.stages,
        "is_manager": manages(request.user, product or only_product(request)),
        "kept": kept | ({"view": chosen.view} if chosen.view != "board" else {}),
        "releases_url": address_of("roadmap:release-list", kept),
        "list_keeps": urlencode(
            {"view": "list"} | kept | {name: filters[name] for name in filters if name == "area"}
        ),
        "today": timezone.localdate(clock.now()),
    }
    drawn: list[object] = [context["today"], context["is_manager"], request.get_full_path()]
    if chosen.view == "list":
        page = Paginator(queries.ordered(chosen), ROWS_PER_PAGE).get_page(request.GET.get("page"))
        context |= {
            "page": page,
            "rows": roadmap_queries.rows(list(page.object_list)),
            "keep": urlencode(kept | filters | {"view": "list"}),
        }
        drawn += (row.shown for row in context["rows"])
    elif chosen.view == "timeline":
        context["departures"] = queries.timeline(chosen)
        for departure in context["departures"]:
            day = departure.release and (departure.release.version, departure.release.release_date)
            drawn += (day, *(row.shown for row in departure.rows))
    elif chosen.view == "horizon":
        context["horizons"] = queries.horizons(chosen)
        for horizon in context["horizons"]:
            drawn += (horizon.name, *(row.shown for row in horizon.rows))
    else:
        context["platforms"] = queries.platforms(chosen)
        for platform in context["platforms"]:
            column = platform.column
            drawn += (column.title, column.stages, column.is_for_team, platform.total)
            drawn += (row.shown for row in platform.rows)
        if not filters:
            context["declined"] = roadmap_queries.declined(product)
            drawn += (row.shown for row in context["declined"])
    context["drawn_as"] = drawn_as(*drawn)
    return render(request, "roadmap/board/roadmap.html", context)


@require_safe
@in_its_language
def roadmap_widget(request: HttpRequest) -> HttpResponse:
    """Now, next and later as a small page, which the sites that a manager named may frame."""
    product = chosen_product(request)
    shown = overview(AnonymousUser(), product or only_product(request))
    theme = request.GET.get("theme", "")
    response = render(
        request,
        "roadmap/board/roadmap_widget.html",
        {
            "horizons": queries.horizons(queries.Chosen(shown, product=product)),
            "name": name_of(product),
            "all_url": address_of("roadmap:roadmap", keep_product(product)),
            "frame_theme": theme if theme in ("light", "dark") else "",
        },
    )
    return may_be_framed(response, product)


def _to(words: dict[str, Any]) -> str:
    return "?" + urlencode(words) if words else reverse("roadmap:roadmap")
