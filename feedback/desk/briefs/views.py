"""The weekly brief on the desk: drafted by the machine, edited by a person, published in one deed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.accounts.permissions import manager_required, member_of, team_required
from feedback.briefs import operations, queries
from feedback.briefs.models import LANGUAGES, Brief
from feedback.briefs.permissions import access_brief, access_week
from feedback.briefs.presenting import shown
from feedback.desk.briefs.forms import BriefForm, NoteForm
from feedback.desk.product import picked
from feedback.forum.products.queries import about
from feedback.forum.rights.reading import manages
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal, beside
from feedback.kernel.stale import StaleEdit, mark_of


@require_safe
@team_required
def briefs(request: HttpRequest) -> HttpResponse:
    """The last weeks: which have a brief, and which could have one."""
    weeks = queries.offered(picked(request), now=clock.now())
    return render(request, "desk/briefs/briefs.html", {"nav": "desk", "weeks": weeks})


@require_POST
@team_required
def brief_draft(request: HttpRequest, monday: str) -> HttpResponse:
    """Have the brief of a week drafted, or drafted anew."""
    brief = operations.draft_brief(
        product=picked(request),
        week=access_week(monday),
        actor=member_of(request),
        now=clock.now(),
    )
    messages.success(
        request, _("Drafted from what happened in the week. Read it and make it yours.")
    )
    return redirect("desk:brief", brief.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@team_required
def brief(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Edit a brief, look at it as it will be read, save it; of a published one, correct it. Who comes second sees both texts."""
    found = _found(request, public_id)
    form = BriefForm(request.POST if request.method == "POST" else None, brief=found)
    if request.method != "POST" or not form.is_valid():
        return _page(request, found, form, status=422 if form.errors else 200)
    if "preview" in request.POST:
        return _page(request, found, form, status=200)
    save = operations.correct_brief if found.is_published else operations.edit_brief
    try:
        save(brief=found, actor=member_of(request), now=clock.now(), **form.cleaned_data)
    except StaleEdit as stale:
        form.add_error(None, str(stale))
        data = request.POST.copy()
        data["seen"] = mark_of(stale.theirs)
        form.data = data
        return _page(request, found, form, status=409, theirs=stale.theirs)
    except Refusal as why:
        form.add_error(None, str(why))
        return _page(request, found, form, status=422)
    messages.success(request, _("Corrected, and said so.") if found.is_published else _("Saved."))
    return redirect("desk:brief", found.public_id)


@require_POST
@manager_required
def brief_publish(request: HttpRequest, public_id: str) -> HttpResponse:
    """Publish a brief: post, page, feed and mail in one deed."""
    found = _found(request, public_id)
    board = get_object_or_404(queries.boards_for(found.product), slug=request.POST.get("board", ""))
    operations.publish_brief(brief=found, board=board, actor=member_of(request), now=clock.now())
    messages.success(request, _("Published. Everyone who follows the brief will be told."))
    return redirect(found.address)


@require_POST
@manager_required
def brief_withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a published brief back, with a public note."""
    found = _found(request, public_id)
    form = NoteForm(request.POST)
    if form.is_valid():
        with beside(form):
            operations.withdraw_brief(
                brief=found,
                note=form.cleaned_data["note"],
                actor=member_of(request),
                now=clock.now(),
            )
            messages.success(request, _("Taken back. Its page says why."))
            return redirect(found.address)
    return _page(request, found, BriefForm(brief=found), status=422, back_form=form)


def _found(request: HttpRequest, public_id: str) -> Brief:
    found = access_brief(request.user, public_id)
    about(request, found.product)
    return found


def _page(
    request: HttpRequest, brief: Brief, form: BriefForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    as_typed = {f"words_{one}": str(form[f"words_{one}"].value() or "") for one in LANGUAGES}
    preview = operations.unsaved(brief, **as_typed)
    context: dict[str, Any] = {
        "nav": "desk",
        "brief": brief,
        "form": form,
        "quotes": brief.quotes.select_related("post", "ask"),
        "previews": [shown(preview, one) for one in LANGUAGES if preview.words(one)],
        "boards": queries.boards_for(brief.product),
        "back_form": NoteForm(),
        "is_manager": manages(request.user, brief.product),
    }
    return render(request, "desk/briefs/brief.html", context | more, status=status)
