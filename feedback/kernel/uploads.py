"""What comes in as files is bounded while it arrives, at every address alike.

What is too large is read and forgotten, and the words of the same form arrive. A visitor sends no files.
"""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from feedback.kernel.refusals import Refusal

_SKIPPED = "heed.skipped"


class BoundedUploads(FileUploadHandler):
    """Lets no more than ``UPLOAD_BYTES`` of one request through to the handlers behind it; a file that does not fit is left out."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._came = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._came += len(raw_data)
        is_member = getattr(getattr(self.request, "user", None), "is_authenticated", False)
        if not is_member or self._came > settings.UPLOAD_BYTES:
            assert self.request is not None
            self.request.META.setdefault(_SKIPPED, []).append(self.file_name or "")
            # Raised here and not in `new_file`: by now each handler has forgotten the file before this one.
            self._came -= start + len(raw_data)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        """Leave it to the handlers behind."""
        return


def left_out(request: HttpRequest) -> list[str]:
    """Return the names of the files that were too large to be let in."""
    names: list[str] = request.META.get(_SKIPPED, [])
    return names


def too_large(most: int) -> Refusal:
    """Return that a file has more bytes than ``most``."""
    return Refusal(
        _("This file is too large: %(size)s is the most.") % {"size": filesizeformat(most)},
        status=422,
    )
