"""A board."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from feedback.accounts import visits
from feedback.forum import permissions, queries
from feedback.forum.cards.cards import card_of_board, sharing
from feedback.forum.closed.reading import may_read
from feedback.forum.closed.searching import find_inside, looked_for
from feedback.forum.pins.operations import pinned_on
from feedback.forum.posts import listing
from feedback.forum.products.queries import about
from feedback.kernel import clock, slots


@require_safe
def board_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the posts of one board, of one area of it when asked."""
    board = permissions.access_board(request.user, slug)
    product = about(request, board.product)
    # The room that knows areas says which there are here, and which posts are in one.
    by_area = slots.gather("board-areas", request, [board]).get(board.pk)
    if by_area is not None and by_area.moved_to:
        return redirect(by_area.moved_to)
    sort = listing.sort_of(request)
    visits.come(request, now=clock.now())
    typed = looked_for(request, board)
    found = find_inside(request, board, typed) if typed else None
    posts = listing.posts_in(request, sort, board=board)
    keep = by_area.keep if by_area is not None else {}
    if by_area is not None:
        posts = by_area.narrow(posts)
    is_whole = found is None and sort != "mine" and not keep
    pinned = pinned_on(board.pk) if is_whole else []
    if pinned:
        posts = posts.exclude(pk__in=pinned)
    page = listing.page_of(request, posts, with_excerpt=True) if found is None else found.page
    on_top = listing.rows_of(request, pinned, with_excerpt=True) if page.number == 1 else []
    parent = board.parent
    request.META["heed.closed"] = board.is_closed
    return render(
        request,
        "forum/boards/board_detail.html",
        {
            "nav": "posts",
            "board": board,
            "sharing": sharing(
                card_of_board(board),
                page=reverse("forum:board-detail", args=[slug]),
                picture=reverse("forum:board-picture", args=[slug]),
                about=board.about,
            ),
            "parent": parent if parent is not None and may_read(request.user, parent) else None,
            "boards": queries.boards_with_counts(request.user, product),
            "may_post": permissions.may_post(request.user, board),
            "why_not": "" if board.is_archived else permissions.why_no_post(request.user, board),
            "sort": sort,
            "areas": by_area.html if by_area is not None else "",
            "narrowed": bool(keep),
            "tabs": listing.tabs_of(request, sort, keep=keep),
            "page": page,
            "found": found,
            "pinned": on_top,
            "keep": urlencode(
                {"q": typed} if typed else ({} if sort == "hot" else {"sort": sort}) | keep
            ),
        },
    )
