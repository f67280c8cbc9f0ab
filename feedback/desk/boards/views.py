"""Where people post: the products of this site and their boards, made and changed by the team."""

from collections.abc import Callable
from copy import copy
from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.accounts.permissions import (
    manager_required,
    member_of,
    site_manager_required,
    team_required,
)
from feedback.asks.decisions.rehouse import move_board, move_post_to
from feedback.desk.acting import said
from feedback.desk.boards.forms import (
    BoardForm,
    MoveBoardForm,
    MovePostForm,
    NewBoardForm,
    NewProductForm,
    ProductForm,
)
from feedback.desk.both import Both, form_page
from feedback.desk.product import picked
from feedback.forum import permissions
from feedback.forum.boards.operations import edit_board, open_board
from feedback.forum.closed.standing import boards_following
from feedback.forum.models import Board, Product
from feedback.forum.products.operations import edit_product, make_product
from feedback.forum.products.queries import about
from feedback.forum.rights.reading import manages
from feedback.kernel import clock
from feedback.kernel.refusals import beside
from feedback.kernel.stale import words_of


@require_safe
@team_required
def boards(request: HttpRequest) -> HttpResponse:
    """Every product with its boards."""
    picked(request)
    by_product: dict[int, list[tuple[Board, int]]] = {}
    following = boards_following()
    for board in Board.objects.order_by("position", "id"):
        row = (board, following.get(board.pk, 0))
        by_product.setdefault(board.product_id, []).append(row)
    rows = [
        (one, by_product.get(one.pk, []), manages(request.user, one))
        for one in Product.objects.all()
    ]
    return render(request, "desk/boards/boards.html", {"nav": "desk", "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@site_manager_required
def product_new(request: HttpRequest) -> HttpResponse:
    """Make another product."""
    form = NewProductForm(_typed(request))
    if form.is_valid():
        with beside(form):
            made = make_product(actor=member_of(request), now=clock.now(), **form.cleaned_data)
            messages.success(request, _("“%s” is there. Give it a board.") % made.title)
            return redirect("desk:board-new", made.slug)
    return _page(request, form, _("Another product"), _("Make it"))


def _saved(
    request: HttpRequest, form: ModelForm[Any], both: Both, edit: Callable[..., Any]
) -> HttpResponse | None:
    """Save what ``form`` holds and lead back; None where it holds a mistake, or somebody saved something else meanwhile."""
    if form.is_valid():
        with beside(form), both.shown_in(form):
            edit(actor=member_of(request), now=clock.now(), seen=both.seen, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("desk:boards")
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def product_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what a product is called."""
    found = permissions.access_product(request.user, slug)
    about(request, found)
    form = ProductForm(_typed(request), instance=copy(found))
    both = Both(request, words_of(found, ProductForm.Meta.fields))
    if saved := _saved(request, form, both, partial(edit_product, product=found)):
        return saved
    return _page(request, form, found.title, _("Save"), both=both)


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def board_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a board of a product."""
    product = permissions.access_product(request.user, slug)
    about(request, product)
    form = NewBoardForm(_typed(request), product=product)
    if form.is_valid():
        with beside(form):
            board = open_board(
                product=product, actor=member_of(request), now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("“%s” is open.") % board.title)
            return redirect("desk:boards")
    return _page(request, form, _("A new board"), _("Make it"))


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def board_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a board: names, order, who posts there, whether it is grouped or archived."""
    board = permissions.access_board(request.user, slug)
    about(request, board.product)
    form = BoardForm(_typed(request), instance=copy(board), product=board.product)
    both = Both(request, words_of(board, BoardForm.Meta.fields))
    if saved := _saved(request, form, both, partial(edit_board, board=board)):
        return saved
    moving = MoveBoardForm(board=board) if Product.objects.count() > 1 else None
    return _page(request, form, board.title, _("Save"), board=board, moving=moving, both=both)


@require_POST
@manager_required
def board_move(request: HttpRequest, slug: str) -> HttpResponse:
    """Move a board to another product; its posts leave their asks, and one click undoes it."""
    board = permissions.access_board(request.user, slug)
    to = permissions.access_product(request.user, request.POST.get("product", ""))
    decision = move_board(board=board, to=to, actor=member_of(request), now=clock.now())
    words = {"board": board.title, "product": to.title}
    said(request, _("“%(board)s” is a board of %(product)s now.") % words, decision)
    return redirect("desk:boards")


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def post_board(request: HttpRequest, public_id: str) -> HttpResponse:
    """Move a post to another board."""
    post = permissions.access_post(request.user, public_id)
    about(request, post.board.product)
    form = MovePostForm(_typed(request), leaving=post.board)
    if form.is_valid():
        to, word = form.cleaned_data["board"], form.cleaned_data["word"]
        with beside(form):
            actor, now = member_of(request), clock.now()
            decision = move_post_to(post=post, to=to, actor=actor, now=now, word=word)
            said(request, _("It stands on “%s” now.") % to.title, decision)
            return redirect("forum:post-detail", post.public_id)
    return _page(request, form, _("Move to another board"), _("Move"), post=post)


def _typed(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _page(request: HttpRequest, form: Any, title: str, verb: str, **more: Any) -> HttpResponse:
    return form_page(request, "desk/boards/edit.html", form, title=title, verb=verb, **more)
