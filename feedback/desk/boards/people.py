"""Who is named on a board that its ring alone reads."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from feedback.accounts.permissions import manager_required, member_of, team_required
from feedback.desk.boards.forms import NamingForm
from feedback.forum.closed.naming import members_of, name_on_board, person_called, take_off_board
from feedback.forum.models import Board
from feedback.forum.permissions import access_board, access_person
from feedback.forum.products.queries import about
from feedback.forum.rights.reading import manages
from feedback.kernel import clock
from feedback.kernel.refusals import beside, status_of

_PEOPLE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@team_required
def board_people(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who reads a board, and let a manager name somebody."""
    board = _ring_board(request, slug)
    about(request, board.product)
    form = NamingForm(request.POST if request.method == "POST" else None)
    actor = member_of(request)
    if request.method == "POST" and not manages(actor, board.product):
        raise PermissionDenied
    if form.is_valid():
        with beside(form):
            person = person_called(form.cleaned_data["person"])
            is_new = name_on_board(board=board, person=person, actor=actor, now=clock.now())
            said = (
                _("%(name)s is named on it now.")
                if is_new
                else _("%(name)s is named on it already.")
            )
            messages.success(request, said % {"name": person.name})
            return redirect(request.path)
    page = Paginator(members_of(board), _PEOPLE).get_page(request.GET.get("page"))
    context = {"nav": "desk", "board": board, "form": form, "page": page}
    return render(request, "desk/boards/people.html", context, status=status_of(form))


@require_POST
@manager_required
def board_person_off(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Have somebody no longer read a board."""
    board = _ring_board(request, slug)
    person = access_person(public_id)
    take_off_board(board=board, person=person, actor=member_of(request), now=clock.now())
    messages.success(request, _("%(name)s is not named on it any more.") % {"name": person.name})
    return redirect("desk:board-people", board.slug)


def _ring_board(request: HttpRequest, slug: str) -> Board:
    board = access_board(request.user, slug)
    if not board.names_people:
        raise Http404
    return board
