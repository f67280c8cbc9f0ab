"""The page of imports: bring a file, see what it is taken for, start, follow, stop, undo."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.accounts.permissions import member_of, site_manager_required
from feedback.desk.importing.forms import NEW_BOARD, FileForm, StagesForm, StartForm
from feedback.desk.importing.presenting import FIELDS, question_label, shown_examples
from feedback.desk.importing.upload import ArrivedFile, Arriving
from feedback.desk.product import picked
from feedback.forum.models import Allowed, Board
from feedback.importing.imports.operations import (
    answer_question,
    discard_import,
    go_on,
    receive_file,
    say_of_file,
    start_import,
    stop_import,
    undo_import,
)
from feedback.importing.imports.said import WORDS, with_columns, with_word
from feedback.importing.imports.undoing import UNDOABLE, anything_came_of, what_goes
from feedback.importing.models import Import
from feedback.importing.stages import Decided
from feedback.kernel import clock
from feedback.kernel.clean_requests import receives_files
from feedback.kernel.htmx import template_for
from feedback.kernel.refusals import beside

_PER_PAGE = 20


@receives_files
@require_http_methods(["GET", "HEAD", "POST"])
@site_manager_required
@csrf_exempt
def imports(request: HttpRequest) -> HttpResponse:
    """Bring a file, or see what was brought. The token is looked at by `_imports`, once it is said where the file goes."""
    arriving = Arriving()
    if request.method == "POST":
        request.upload_handlers = [arriving]
    response: HttpResponse = _imports(request, arriving)
    return response


@csrf_protect
def _imports(request: HttpRequest, arriving: Arriving) -> HttpResponse:
    wrong = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        wrong = _what_is_wrong(file, arriving)
        if not wrong and isinstance(file, ArrivedFile):
            one = receive_file(
                arrived=file.path,
                name=file.name or "",
                size=file.size or 0,
                actor=member_of(request),
                now=clock.now(),
            )
            return redirect("desk:import", one.public_id)
        if isinstance(file, ArrivedFile):
            file.path.unlink(missing_ok=True)
    picked(request, may_be_made_up=False)
    page = Paginator(
        Import.objects.select_related("started_by", "board").order_by("-id"), _PER_PAGE
    ).get_page(request.GET.get("page"))
    context = {
        "nav": "desk",
        "page": page,
        "wrong": wrong,
        "most": settings.IMPORT_BYTES // 1_000_000,
    }
    status = 422 if wrong else 200
    return render(request, "desk/importing/imports.html", context, status=status)


def _what_is_wrong(file: Any, arriving: Arriving) -> str:
    if arriving.is_too_large:
        return _(
            "The file is larger than %(most)s MB. Bring it in parts, or at the command line with import_posts, which takes files of any size."
        ) % {"most": f"{settings.IMPORT_BYTES // 1_000_000:,}"}
    if not isinstance(file, ArrivedFile):
        return _("Choose a file first.")
    if not file.size:
        return _("“%s” is empty: there is nothing in it to read.") % file.name
    return ""


@require_safe
@site_manager_required
def import_one(request: HttpRequest, public_id: str) -> HttpResponse:
    """One import: what its file is taken for, how far it has come, what came of it."""
    return _page(request, _access(public_id))


def _access(public_id: str) -> Import:
    return get_object_or_404(
        Import.objects.select_related("board", "started_by"), public_id=public_id
    )


def _page(
    request: HttpRequest,
    one: Import,
    *,
    file_form: FileForm | None = None,
    start_form: StartForm | None = None,
    stages_form: StagesForm | None = None,
) -> HttpResponse:
    product = picked(request, may_be_made_up=False)
    wrong = any(form is not None and form.errors for form in (file_form, start_form, stages_form))
    states = one.found.get("states")
    context = {
        "nav": "desk",
        "one": one,
        "state": one.state,
        "examples": shown_examples(one),
        "fields": FIELDS,
        "question": one.found.get("question"),
        "question_label": question_label(one),
        "file_form": file_form or FileForm(initial=one.said, site_zone=settings.TIME_ZONE),
        "start_form": start_form or StartForm(initial=_start(one, product), product=product),
        "states": states,
        "stages_form": stages_form or StagesForm(found=states or {}),
        "decided": Decided.kept(one.decided) if one.is_deciding else None,
        "may_undo": one.state in UNDOABLE and (one.undone_posts > 0 or anything_came_of(one)),
    }
    template = template_for(request, "desk/importing/import.html", part="import")
    return render(request, template, context, status=422 if wrong else 200)


def _start(one: Import, product: Any) -> dict[str, Any]:
    """Return how the form begins: where files of the same source went before, otherwise the first board."""
    before = (
        Import.objects.filter(source=one.source, board__product=product, board__is_archived=False)
        .exclude(pk=one.pk)
        .order_by("-id")
        .first()
    )
    first = Board.objects.filter(
        product=product, is_archived=False, posters=Allowed.MEMBERS
    ).first()
    board = before.board if before is not None else first
    return {"source": one.source, "board": board.slug if board is not None else NEW_BOARD}


@require_POST
@site_manager_required
def import_say(request: HttpRequest, public_id: str) -> HttpResponse:
    """Have the file looked at again with what the person says of it."""
    one = _access(public_id)
    form = FileForm(request.POST, site_zone=settings.TIME_ZONE)
    if form.is_valid():
        with beside(form):
            said: dict[str, Any] = dict(one.said)
            for name in (*WORDS, "header_line"):
                value = form.cleaned_data.get(name)
                if name in form.fields:
                    said = with_word(said, name, "" if value is None else str(value))
            chosen = {
                column["name"]: request.POST[f"column-{at}"]
                for at, column in enumerate(one.found.get("columns", []))
                if f"column-{at}" in request.POST
            }
            if chosen:
                known = {value for value, _label in FIELDS} | {""}
                chosen = {name: what for name, what in chosen.items() if what in known}
                said["columns"] = with_columns(one, chosen)
            say_of_file(of=one, said=said, actor=member_of(request), now=clock.now())
            return redirect("desk:import", one.public_id)
    return _page(request, one, file_form=form)


@require_POST
@site_manager_required
def import_answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer what the file leaves open."""
    one = _access(public_id)
    answer_question(
        of=one,
        answer=request.POST.get("answer", ""),
        actor=member_of(request),
        now=clock.now(),
    )
    return redirect("desk:import", one.public_id)


@require_POST
@site_manager_required
def import_start(request: HttpRequest, public_id: str) -> HttpResponse:
    """Have the rows become posts."""
    one = _access(public_id)
    product = picked(request, may_be_made_up=False)
    form = StartForm(request.POST, product=product)
    stages_form = StagesForm(request.POST, found=one.found.get("states") or {})
    if form.is_valid() and stages_form.is_valid():
        with beside(form):
            start_import(
                of=one,
                product=product,
                actor=member_of(request),
                now=clock.now(),
                stages=stages_form.stages(),
                **form.cleaned_data,
            )
            return redirect("desk:import", one.public_id)
    return _page(request, one, start_form=form, stages_form=stages_form)


@require_POST
@site_manager_required
def import_stop(request: HttpRequest, public_id: str) -> HttpResponse:
    """Have it end after the present batch."""
    one = _access(public_id)
    stop_import(of=one, actor=member_of(request), now=clock.now())
    return redirect("desk:import", one.public_id)


@require_POST
@site_manager_required
def import_go_on(request: HttpRequest, public_id: str) -> HttpResponse:
    """Have it go on where it was."""
    one = _access(public_id)
    go_on(of=one, actor=member_of(request), now=clock.now())
    return redirect("desk:import", one.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@site_manager_required
def import_undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say what goes with it; then have the whole import undone."""
    one = _access(public_id)
    if request.method == "POST":
        undo_import(
            of=one,
            takes_touched="touched" in request.POST,
            actor=member_of(request),
            now=clock.now(),
        )
        return redirect("desk:import", one.public_id)
    picked(request, may_be_made_up=False)
    context = {"nav": "desk", "one": one, "goes": what_goes(one)}
    return render(request, "desk/importing/undo.html", context)


@require_POST
@site_manager_required
def import_discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Forget a file of which nothing was taken."""
    one = _access(public_id)
    discard_import(of=one, actor=member_of(request), now=clock.now())
    messages.success(request, _("“%s” is forgotten.") % one.file_name)
    return redirect("desk:imports")
