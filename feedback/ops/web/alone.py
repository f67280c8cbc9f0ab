"""A page that stands alone: it appears where the database, a session or a context processor is what failed."""

from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from feedback.kernel.htmx import is_htmx


@dataclass(frozen=True)
class Kept:
    """A form that was sent and not saved: where it goes, its fields, whether files of it are lost, and its token."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    has_files: bool = False
    token: str = ""


def answer(
    request: HttpRequest, *, status: int, title: str, sentence: str, kept: Kept | None = None
) -> HttpResponse:
    """Answer with a page, or with ``sentence`` alone where htmx or a program asked."""
    wanted = request.headers.get("Accept", "")
    if is_htmx(request):
        response = HttpResponse(sentence, content_type="text/plain; charset=utf-8")
    elif "application/json" in wanted and "text/html" not in wanted:
        response = JsonResponse({"error": sentence})
    else:
        context = {"title": title, "sentence": sentence, "status": status, "kept": kept}
        context["csrf_token"] = kept.token if kept else ""
        response = HttpResponse(render_to_string("ops/web/alone.html", context))
    response.status_code = status
    response["Cache-Control"] = "no-store"
    return response
