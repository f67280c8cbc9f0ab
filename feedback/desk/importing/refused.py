"""Rows that could not be taken: seen with their reason, mended, and downloaded with their bytes as they were."""

import json
import tempfile
from pathlib import Path

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from feedback.accounts.permissions import member_of, site_manager_required
from feedback.desk.importing.presenting import shown_refusals
from feedback.desk.product import picked
from feedback.importing.formats import Refused
from feedback.importing.imports import folder
from feedback.importing.imports.operations import mend_row
from feedback.importing.models import Import, RefusedRow
from feedback.importing.rejects import Rejects
from feedback.importing.run import rejects_beside
from feedback.kernel import clock
from feedback.kernel.htmx import template_for

_PER_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@site_manager_required
def import_refused(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the rows that could not be taken; have one tried again with other values."""
    one = get_object_or_404(Import, public_id=public_id)
    if request.method == "POST":
        number = request.POST.get("row", "")
        row = get_object_or_404(one.refused_rows, pk=int(number) if number.isdecimal() else 0)
        columns = one.found.get("columns", [])
        values = {
            column["name"]: request.POST[f"cell-{at}"]
            for at, column in enumerate(columns)
            if f"cell-{at}" in request.POST
        }
        mend_row(row=row, values=values, actor=member_of(request), now=clock.now())
        messages.info(request, _("Line %s is being tried again.") % row.line)
        return redirect(request.get_full_path())
    picked(request, may_be_made_up=False)
    rows = one.refused_rows.exclude(state=RefusedRow.State.MENDED).order_by("line")
    page = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "desk",
        "one": one,
        "page": page,
        "rows": shown_refusals(one, list(page.object_list)),
        "mended": one.refused_rows.filter(state=RefusedRow.State.MENDED).count(),
        "is_mending": one.is_mending,
        "may_mend": one.is_uploaded
        and folder.path_of(one).exists()
        and one.state in (Import.State.DONE, Import.State.STOPPED, Import.State.FAILED),
    }
    template = template_for(request, "desk/importing/refused.html", part="refused")
    return render(request, template, context)


@require_safe
@site_manager_required
def import_refused_file(request: HttpRequest, public_id: str) -> HttpResponse | FileResponse:
    """Give the rows that could not be taken as a file, which mended can be brought again."""
    one = get_object_or_404(Import, public_id=public_id)
    is_json = bool(one.found.get("is_json"))
    name = rejects_beside(Path(one.file_name), is_json=is_json).name
    encoding = one.found.get("encoding") or "utf-8"
    out = tempfile.TemporaryDirectory(dir=folder.folder())
    path = Path(out.name) / name
    columns = [column["name"] for column in one.found.get("columns", [])]
    with Rejects(path, encoding=encoding, columns=columns) as rejects:
        rows = one.refused_rows.exclude(state=RefusedRow.State.MENDED).order_by("line")
        for row in rows.iterator():
            raw = bytes(row.raw).decode(encoding, "surrogateescape")
            rejects.write(Refused(row.line, row.reason, json.loads(row.said), raw))
    if not path.exists():
        out.cleanup()
        return redirect("desk:import-refused", one.public_id)
    response = FileResponse(path.open("rb"), as_attachment=True, filename=name)
    out.cleanup()  # the open file stays readable until it is sent
    return response
