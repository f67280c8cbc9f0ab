"""A bucket with the interface of S3, as far as Heed uses it: objects in memory, on loopback."""

import datetime as dt
import re
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape


class Bucket(ThreadingHTTPServer):
    """Answers at ``address``; ``objects`` is what lies in it. It is asked with ``AWS4-HMAC-SHA256`` signatures."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.objects: dict[str, bytes] = {}
        self.unsigned = 0
        self.is_broken = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Asked(BaseHTTPRequestHandler):
    server: Any

    def log_message(self, *given: Any) -> None:
        """Say nothing."""

    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).partition("/files/")[2]

    def _answer(self, status: int, raw: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        self.send_header(
            "Last-Modified", format_datetime(dt.datetime(2026, 3, 1, tzinfo=dt.UTC), usegmt=True)
        )
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", headers.get("Content_Length", str(len(raw))))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(raw)

    def _is_refused(self) -> bool:
        if "AWS4-HMAC-SHA256" not in self.headers.get("Authorization", ""):
            self.server.unsigned += 1
        if self.server.is_broken:
            self._answer(403, b"<Error><Code>AccessDenied</Code></Error>")
        return bool(self.server.is_broken)

    def do_PUT(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        if not self._is_refused():
            self.server.objects[self._key()] = raw
            self._answer(200, ETag='"1"')

    def do_HEAD(self) -> None:
        if self._is_refused():
            return
        found = self.server.objects.get(self._key())
        if found is None:
            self._answer(404)
        else:
            self.send_response(200)
            self.send_header("Content-Length", str(len(found)))
            self.send_header("Last-Modified", "Sun, 01 Mar 2026 00:00:00 GMT")
            self.end_headers()

    def do_GET(self) -> None:
        if self._is_refused():
            return None
        query = parse_qs(urlsplit(self.path).query)
        if "list-type" in query:
            return self._list(query["prefix"][0])
        found = self.server.objects.get(self._key())
        if found is None:
            return self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        start, end = map(int, re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers["Range"]).groups())
        return self._answer(206, found[start : end + 1])

    def _list(self, prefix: str) -> None:
        inside = [key.removeprefix(prefix) for key in self.server.objects if key.startswith(prefix)]
        folders = sorted({name.partition("/")[0] for name in inside if "/" in name})
        xml = "".join(
            f"<CommonPrefixes><Prefix>{escape(prefix + one)}/</Prefix></CommonPrefixes>"
            for one in folders
        ) + "".join(
            f"<Contents><Key>{escape(prefix + one)}</Key></Contents>"
            for one in inside
            if "/" not in one
        )
        self._answer(
            200,
            f"<ListBucketResult><IsTruncated>false</IsTruncated>{xml}</ListBucketResult>".encode(),
        )

    def do_DELETE(self) -> None:
        if not self._is_refused():
            self.server.objects.pop(self._key(), None)
            self._answer(204)
