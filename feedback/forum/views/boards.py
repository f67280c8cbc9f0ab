"""A board."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from feedback.forum import listing, permissions, queries


@require_safe
def board_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the posts of one board."""
    board = permissions.access_board(slug)
    sort = listing.sort_of(request)
    posts = queries.listing(sort, board=board, person=request.user)
    page = listing.page_of(request, posts, with_excerpt=True)
    return render(
        request,
        "forum/board_detail.html",
        {
            "nav": "posts",
            "board": board,
            "boards": queries.boards_with_counts(),
            "may_post": permissions.may_post(request.user, board),
            "sort": sort,
            "tabs": listing.tabs_of(request, sort),
            "page": page,
            "keep": "" if sort == "hot" else f"sort={sort}",
        },
    )
