"""What people see while the database is away, locked or full: one sentence, and what they wrote, to be sent again."""

import sys
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views import defaults

from feedback.kernel.passing import is_passing
from feedback.ops.web import alone

RETRY_AFTER = "5"
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105
#: A form with one of these is not kept in a page.
_SECRETS = ("password", "secret", "code", "key", "recovery")


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an error that nothing caught (`handler500`): 503 where the database's state is what failed."""
    if not is_passing(sys.exc_info()[1]):
        return defaults.server_error(request)
    kept = _kept(request) if request.method == "POST" else None
    response = alone.answer(
        request,
        status=503,
        title=_("A moment, please"),
        sentence=_("What you sent is not saved yet, but nothing is lost: send it again in a few seconds.")
        if kept
        else _not_now(request),
        kept=kept,
    )  # fmt: skip
    response["Retry-After"] = RETRY_AFTER
    return response


def _not_now(request: HttpRequest) -> str:
    if request.method in ("GET", "HEAD"):
        return _("This page cannot be shown right now. Try again in a few seconds.")
    return _("What you sent is not saved. Go back and try again in a few seconds.")


class _Forgetting(FileUploadHandler):
    """Reads files and keeps none, without asking who sends them."""

    has_files = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.has_files = True
        raise SkipFile

    def file_complete(self, file_size: int) -> Any:
        return


def _kept(request: HttpRequest) -> alone.Kept | None:
    """Return the form as it was sent; nothing where it cannot be read, or has what no page should show."""
    files = _Forgetting(request)
    try:
        if not hasattr(request, "_files"):
            request.upload_handlers = [files]
        sent = {name: values for name, values in request.POST.lists() if name != _TOKEN}
        fields = [(name, value) for name, values in sent.items() for value in values]
        has_files = files.has_files or bool(request.FILES)
    except Exception:
        return None
    if not fields or any(part in name.lower() for name, _value in fields for part in _SECRETS):
        return None
    token = str(request.POST.get(_TOKEN, ""))
    return alone.Kept(request.get_full_path(), [(n, str(v)) for n, v in fields], has_files, token)
