"""The roadmap in a search: items by their titles and summaries, releases by what they brought."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Max, Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from feedback.forum.products.queries import listed, products
from feedback.forum.search.finding import OTHERS, Other, Search, Why
from feedback.forum.search.held import HeldTitles, Said
from feedback.forum.search.showing import reason_of
from feedback.journal.verbs import Verb
from feedback.kernel import clock
from feedback.roadmap import queries
from feedback.roadmap.changelog.queries import Wanted, releases
from feedback.roadmap.models import ChangelogLine, Item

_VERBS = [
    Verb.ITEM_ADOPTED,
    Verb.ITEM_EDITED,
    Verb.ITEM_SHIPPED,
    Verb.ITEM_MOVED,
    Verb.ITEM_DECLINED,
    Verb.ITEM_JOINED,
    Verb.ITEM_SPLIT,
    Verb.ITEM_RESHAPING_UNDONE,
    Verb.RELEASE_PLANNED,
    Verb.RELEASE_EDITED,
]
#: What is decided stands before a post with the same words.
_DECIDED = 0.5


def _items() -> Iterable[Said]:
    return Item.objects.standing().values_list("pk", "title", "summary")


def _items_mark() -> Hashable:
    found = Item.objects.standing().aggregate(count=Count("pk"), last=Max("stage_changed_at"))
    return found["count"], found["last"]


def _releases() -> Iterable[Said]:
    for release in releases(None, Wanted()):
        yield release.pk, release.version, _brought(release)


def _brought(release: Any) -> str:
    """Return what a release of `changelog.queries.releases` brought and will bring, a line each, and its notes."""
    brought = [line.text for line in release.lines.all()]
    brought += [item.title for item in release.still_to_come]
    return "\n".join([*brought, release.notes_en, release.notes_zh]).strip()


def _releases_mark() -> Hashable:
    lines = ChangelogLine.objects.aggregate(count=Count("pk"), last=Max("pk"))
    return lines["count"], lines["last"], _items_mark()


_item_titles = HeldTitles(_items, mark=_items_mark, verbs=_VERBS)
_release_titles = HeldTitles(_releases, mark=_releases_mark, verbs=_VERBS)


def search_roadmap(request: HttpRequest, searches: Sequence[Search]) -> Mapping[int, list[Other]]:
    """Fill "search-roadmap": the items and releases that each search finds, as rows of its list."""
    return {
        search.pk: [*_found_items(request, search), *_found_releases(request, search)]
        for search in searches
    }


def _found_items(request: HttpRequest, search: Search) -> list[Other]:
    if not {one.filter.name for one in search.narrowed.chosen} <= {"stage"}:
        return []  # an item has a stage, and is in no ask
    wanted = listed(search.product)
    if stage := search.narrowed.value("stage"):
        wanted &= Q(stage=stage)
    among = Item.objects.filter(wanted) if wanted else None
    found = _item_titles.find(search, now=clock.now(), enough=OTHERS, among=among)
    if not found:
        return []
    items = Item.objects.standing().filter(pk__in=list(found)).select_related("release")
    best = sorted(items, key=lambda item: (found[item.pk][0], -found[item.pk][1], item.pk))[:OTHERS]
    return [
        Other(
            why,
            score + _DECIDED,
            _drawn(request, search, "roadmap/_found_item.html", row.title, why, {"row": row}),
        )
        for row in queries.rows(best)
        for why, score in [found[row.item.pk]]
    ]


def _found_releases(request: HttpRequest, search: Search) -> list[Other]:
    if search.narrowed.chosen:
        return []  # a release has no stage and no answer of its own
    brought = releases(search.product, Wanted())
    among = None if search.product is None else brought
    found = _release_titles.find(search, now=clock.now(), enough=OTHERS, among=among)
    if not found:
        return []
    brought = brought.filter(pk__in=list(found))
    best = sorted(brought, key=lambda one: (found[one.pk][0], -found[one.pk][1], -one.pk))[:OTHERS]
    return [
        Other(
            why,
            score,
            _drawn(
                request,
                search,
                "roadmap/_found_release.html",
                one.version,
                why,
                {"release": one, "marked": search.marker.excerpt("", _brought(one))},
            ),
        )
        for one in best
        for why, score in [found[one.pk]]
    ]


def _drawn(
    request: HttpRequest, search: Search, template: str, title: str, why: Why, more: dict[str, Any]
) -> str:
    marked = search.marker.mark(title)
    shown = {
        "marked_title": marked,
        "reason": reason_of(why, marked, elsewhere=_("Your words in what it says")),
        "product": search.product,
        "products": products(request),
    }
    return render_to_string(template, shown | more)
