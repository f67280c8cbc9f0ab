"""What servers on loopback have in common that play a provider: they answer what they are asked, and are down where told."""

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request: its path, the headers in small letters, and what its query, its form or its JSON says."""

    method: str
    path: str
    headers: dict[str, str]
    said: dict[str, str]


class Answering:
    """A server on a port of its own until `stop`. Paths in ``broken`` answer that they are down."""

    content_type = "application/json"

    def __init__(self) -> None:
        self.broken: set[str] = set()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def answer(self, asked: Asked) -> tuple[int, Any]:
        """Return the status and the body: text as it is, all else as JSON."""
        raise NotImplementedError


def _handler_of(server: Answering) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply(_read(urlsplit(self.path).query))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
            is_json = self.headers.get_content_type() == "application/json"
            self._reply(json.loads(body) if is_json else _read(body))

        def _reply(self, said: dict[str, str]) -> None:
            path = urlsplit(self.path).path
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, path, headers, said)
            status, found = (500, "down") if path in server.broken else server.answer(asked)
            body = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
            raw = body.encode()
            self.send_response(status)
            self.send_header("Content-Type", server.content_type)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *said: Any) -> None:
            pass

    return Handler


def _read(words: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(words).items()}
