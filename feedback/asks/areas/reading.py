"""Reading by area: the row of areas above a list, on the page of a board and on that of the asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string

from feedback.asks.areas.queries import AreaLink, areas_of_board, posts_in
from feedback.asks.models import Area
from feedback.asks.permissions import access_area
from feedback.forum.models import Board, Post

#: Areas that stand in the row; the rest is folded away.
SHOWN = 8


@dataclass(frozen=True)
class Chosen:
    """What ``?area=`` asks for: the area, or where the reader should rather go."""

    area: Area | None = None
    moved_to: str = ""


def chosen_area(request: HttpRequest) -> Chosen:
    """Return the area that ``request`` asks for.

    An area that was joined leads to where its asks went, a dissolved one to the whole list. Raises `Http404` for
    one that was never there or is not for the reader.
    """
    public_id = request.GET.get("area", "")
    if not public_id:
        return Chosen()
    if Area.objects.filter(public_id=public_id, state=Area.State.RETIRED).exists():
        return Chosen(moved_to=_elsewhere(request, None))
    area = access_area(request.user, public_id)
    if area.public_id != public_id:
        return Chosen(moved_to=_elsewhere(request, area.public_id))
    return Chosen(area)


def _elsewhere(request: HttpRequest, public_id: str | None) -> str:
    """Return the address of this page with another area, or with none."""
    kept = {key: value for key, value in request.GET.items() if key not in ("area", "page")}
    if public_id is not None:
        kept["area"] = public_id
    return request.path + ("?" + urlencode(kept) if kept else "")


def row_of_areas(request: HttpRequest, links: Sequence[AreaLink], area: Area | None) -> str:
    """Return the row of ``links`` as HTML, ``area`` marked; nothing where there is none to choose."""
    if not links and area is None:
        return ""
    shown, more = list(links[:SHOWN]), list(links[SHOWN:])
    if len(more) == 1:
        shown, more = [*shown, *more], []
    if area is not None and area.public_id not in {link.public_id for link in shown}:
        # What was chosen is never folded away, wherever it stands.
        kept = [link for link in more if link.public_id == area.public_id]
        shown = [*(kept or [AreaLink(area.public_id, area.name, 0)]), *shown]
        more = [link for link in more if link not in kept]
    return render_to_string(
        "asks/areas/_areas.html",
        {
            "all_url": _elsewhere(request, None),
            "areas": [(_elsewhere(request, link.public_id), link) for link in shown],
            "more": [(_elsewhere(request, link.public_id), link) for link in more],
            "chosen": area,
        },
        request=request,
    )


@dataclass(frozen=True)
class BoardByArea:
    """What the page of a board needs to be read by area."""

    html: str
    keep: dict[str, str]
    moved_to: str
    area: Area | None

    def narrow(self, posts: QuerySet[Post]) -> QuerySet[Post]:
        """Return those of ``posts`` that belong to the chosen area, or all."""
        return posts if self.area is None else posts_in(posts, self.area)


def areas_of_boards(request: HttpRequest, boards: Sequence[Board]) -> Mapping[int, Any]:
    """Return, for each board, the row of its areas and what the reader chose of it."""
    chosen = chosen_area(request)
    return {
        board.pk: BoardByArea(
            html=row_of_areas(request, areas_of_board(board), chosen.area),
            keep={"area": chosen.area.public_id} if chosen.area is not None else {},
            moved_to=chosen.moved_to,
            area=chosen.area,
        )
        for board in boards
    }
