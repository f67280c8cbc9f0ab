"""What of levels, badges and honours a page shows, asked once a request."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.core.cache import caches
from django.http import Http404, HttpRequest
from django.urls import reverse

from feedback.honours.models import Honour, HonourWishes

_KEY = "honours.shown"
#: Other processes know of a change after so long at most, where it is about a link; pages ask each time.
_LINKS_SECONDS = 60


@dataclass(frozen=True)
class Shown:
    """What this request shows."""

    levels: bool
    board: bool

    @cached_property
    def honours(self) -> Mapping[str, Honour]:
        """Every honour by its public id: there are few."""
        return {one.public_id: one for one in Honour.objects.all()} if self.levels else {}


def forget_links() -> None:
    """Have this process ask anew what links there are, and draw lists anew: names stand in them without their marks, or with them."""
    caches["template_fragments"].clear()


def wishes() -> HonourWishes:
    """Return what the owner said is shown."""
    return HonourWishes.objects.first() or HonourWishes()


def shown(request: HttpRequest) -> Shown:
    """Return what ``request`` shows; one query a request."""
    found = request.META.get("heed.honours")
    if not isinstance(found, Shown):
        said = wishes()
        found = Shown(said.shows_levels, said.shows_levels and said.shows_board)
        request.META["heed.honours"] = found
        caches["template_fragments"].set(_KEY, (found.levels, found.board), _LINKS_SECONDS)
    return found


def access_levels(request: HttpRequest) -> Shown:
    """Return what ``request`` shows; raises `Http404` where levels are not shown."""
    found = shown(request)
    if not found.levels:
        raise Http404
    return found


def access_board(request: HttpRequest) -> Shown:
    """Return what ``request`` shows; raises `Http404` where there is no board of honour."""
    found = shown(request)
    if not found.board:
        raise Http404
    return found


def access_honour(request: HttpRequest, public_id: str) -> Honour:
    """Return an honour that everybody may see; raises `Http404`."""
    access_levels(request)
    found = Honour.objects.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def levels_page(request: HttpRequest) -> str:
    """Return where it says how trust grows, "" where levels are not shown: for the foot of every page."""
    return reverse("honours:trust") if _links(request)[0] else ""


def board_page(request: HttpRequest) -> str:
    """Return where the board of honour is, "" where there is none: for the foot of every page."""
    return reverse("honours:board") if _links(request)[1] else ""


def _links(request: HttpRequest) -> tuple[bool, bool]:
    known = caches["template_fragments"].get(_KEY)
    if known is None:
        found = shown(request)
        return found.levels, found.board
    return bool(known[0]), bool(known[1])
