"""A request as ASGI tells it, in the words of WSGI."""

import sys
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from feedback.ops.web.answers import FileWrapper
from feedback.ops.web.bodies import Body
from feedback.ops.web.bounds import Message


def headers_of(scope: Message) -> dict[str, str]:
    """Return the headers by their names in small letters; what was said twice is joined.

    A name with an underscore is left out: in WSGI nobody could tell it from one with a hyphen, which a proxy vouches for.
    """
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin1").lower(), raw_value.decode("latin1")
        if "_" in name:
            continue
        between = "; " if name == "cookie" else ","
        headers[name] = f"{headers[name]}{between}{value}" if name in headers else value
    return headers


def environ_of(scope: Message, headers: Mapping[str, str], body: Body | None) -> dict[str, Any]:
    """Return the environment of the request; its ``body`` has arrived, or there is none."""
    host, port = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path_of(scope),
        "QUERY_STRING": scope["query_string"].decode("latin1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "CONTENT_LENGTH": str(body.length if body else 0),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body.file if body else _Nothing(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
    }
    for name, value in headers.items():
        if name == "content-type":
            environ["CONTENT_TYPE"] = value
        elif name not in ("content-length", "transfer-encoding"):
            environ["HTTP_" + name.upper().replace("-", "_")] = value
    return environ


def path_of(scope: Message) -> str:
    """Return the path as WSGI writes it: each byte a character."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return unquote_to_bytes(raw.partition(b"?")[0]).decode("latin1")


class _Nothing:
    """The body of a request that has none."""

    def read(self, size: int = -1) -> bytes:
        return b""

    readline = read
