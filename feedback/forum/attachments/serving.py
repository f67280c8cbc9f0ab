"""Handing out a file: as what it is and nothing else, from the cache where it may stand in one, a video in parts."""

import re
from typing import IO, Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from feedback.forum.attachments.models import Attachment
from feedback.forum.attachments.permissions import is_everyones

#: A browser asks for one range of a file: from where, to where.
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_TYPES = {
    ".webp": "image/webp",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".txt": "text/plain; charset=utf-8",
}
#: Whoever opens the file by itself gets no page that could run or load anything.
_POLICY = "default-src 'none'; sandbox"
#: Not for ever: what is hidden tomorrow should not stand in a cache for a year.
_EVERYONES = "public, max-age=86400, immutable"
_NOT_EVERYONES = "private, max-age=300"


def hand_out(request: HttpRequest, attachment: Attachment, *, small: bool) -> HttpResponseBase:
    """Return the file of ``attachment``, or the small one. Raises `Http404` where it is missing."""
    name = attachment.stored_small if small else attachment.stored
    tag = f'"{attachment.sha256[:32]}{"-small" if small else ""}"'
    if tag in request.headers.get("If-None-Match", ""):
        return _with_headers(HttpResponse(status=304), attachment, tag)
    try:
        file = default_storage.open(name)
    except (OSError, ValueError):
        raise Http404 from None
    response = _whole_or_part(request, file, size=file.size)
    ending = name[name.rindex(".") :]
    response["Content-Type"] = _TYPES[ending]
    is_log = attachment.kind == Attachment.Kind.LOG
    called = attachment.name if is_log else f"{attachment.public_id}{ending}"
    response["Content-Disposition"] = content_disposition_header(is_log, called) or "inline"
    return _with_headers(response, attachment, tag)


def _with_headers(response: HttpResponseBase, attachment: Attachment, tag: str) -> HttpResponseBase:
    response["ETag"] = tag
    response["Cache-Control"] = _EVERYONES if is_everyones(attachment) else _NOT_EVERYONES
    response["Content-Security-Policy"] = _POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _whole_or_part(request: HttpRequest, file: IO[Any], *, size: int) -> HttpResponseBase:
    wanted = _RANGE.fullmatch(request.headers.get("Range", ""))
    if wanted is None or wanted.groups() == ("", ""):
        whole = FileResponse(file)
        whole["Accept-Ranges"] = "bytes"
        return whole
    first, last = wanted.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    if start >= end:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    part = FileResponse(_Part(file, start, end), status=206)
    part.block_size = 64 * 1024
    part["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    part["Content-Length"] = str(end - start)
    part["Accept-Ranges"] = "bytes"
    return part


class _Part:
    """The bytes of ``file`` from ``start`` to before ``end``, read as a file."""

    def __init__(self, file: IO[Any], start: int, end: int) -> None:
        file.seek(start)
        self.close = file.close
        self._file = file
        self._left = end - start

    def read(self, size: int = -1) -> bytes:
        chunk: bytes = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(chunk)
        return chunk
