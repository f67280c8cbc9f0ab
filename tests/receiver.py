"""A real receiver of webhooks on 127.0.0.1, which can be told how to misbehave.

Use the fixture `receiver`: ``receiver.answers(then)`` says what it does with the next requests, the last for ever.
"""

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

Then = Callable[[socket.socket], None]


@dataclass(frozen=True)
class Request:
    """What arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def says(status: int, body: bytes | dict[str, Any] = b"", **headers: str) -> Then:
    """Answer with a status, a body (a dict is sent as JSON) and headers: ``says(429, Retry_After="7")``."""
    sent = json.dumps(body).encode() if isinstance(body, dict) else body
    lines = [f"HTTP/1.1 {status} So", f"Content-Length: {len(sent)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = "\r\n".join([*lines, "", ""]).encode()
    return lambda connection: connection.sendall(head + sent)


def closes(connection: socket.socket) -> None:
    """Close without a word."""


def breaks_off(connection: socket.socket) -> None:
    """Promise more than comes."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")


class Receiver:
    """Listens on ``port`` until it is closed; ``got`` is what arrived."""

    def __init__(self, wrap: Callable[[socket.socket], socket.socket] = lambda plain: plain):
        self.got: list[Request] = []
        self.given_up = threading.Event()
        self._then: list[Then] = [says(204)]
        self._by: Callable[[Request], Then] | None = None
        self._wrap = wrap
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def answers(self, *then: Then) -> None:
        self._then, self._by = list(then), None

    def answers_by(self, choose: Callable[[Request], Then]) -> None:
        self._by = choose

    def drips(self, head: bytes = b"HTTP/1.1 200 OK\r\n") -> Then:
        """Send ``head``, then a letter of a header now and then, for as long as somebody listens."""

        def drip(connection: socket.socket) -> None:
            connection.sendall(head)
            while not self.given_up.wait(0.02):
                connection.sendall(b"x")

        return drip

    def waits(self, connection: socket.socket) -> None:
        """Say nothing for as long as the test lasts."""
        self.given_up.wait()

    def pours(self, connection: socket.socket) -> None:
        """Answer with a body that has no end."""
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not self.given_up.is_set():
            connection.sendall(b"x" * 10_000)

    def close(self) -> None:
        self.given_up.set()
        with contextlib.suppress(OSError):  # it is closed already
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _next(self, request: Request) -> Then:
        if self._by is not None:
            return self._by(request)
        return self._then[0] if len(self._then) == 1 else self._then.pop(0)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve_one, args=[connection], daemon=True).start()

    def _serve_one(self, connection: socket.socket) -> None:
        try:
            with self._wrap(connection) as wrapped:
                request = _read(wrapped)
                self.got.append(request)
                self._next(request)(wrapped)
        except OSError:  # the other side had enough, or trusts nobody
            connection.close()


def _read(connection: socket.socket) -> Request:
    """Return a whole request. Raises `ConnectionError` where its sender was killed in the middle of it."""
    with connection.makefile("rb") as arriving:
        first = arriving.readline().decode("ascii").split(" ")
        if len(first) < 3:
            raise ConnectionError
        path = first[1]
        headers = {}
        while (line := arriving.readline()).strip():
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        if not line:
            raise ConnectionError
        length = int(headers.get("content-length", "0"))
        body = arriving.read(length)
        if len(body) < length:
            raise ConnectionError
        return Request(path, headers, body)


@dataclass
class Receivers:
    """Gives receivers that are closed at the end of the test."""

    open: list[Receiver] = field(default_factory=list)

    def __call__(self, *arguments: Any) -> Receiver:
        self.open.append(Receiver(*arguments))
        return self.open[-1]


@pytest.fixture
def receivers() -> Iterator[Receivers]:
    """Make receivers: ``receivers()``."""
    made = Receivers()
    yield made
    for one in made.open:
        one.close()


@pytest.fixture
def receiver(receivers: Receivers, settings: Any) -> Receiver:
    """A receiver on 127.0.0.1, which this site may ask."""
    settings.OUTBOUND_ALLOW = ["127.0.0.1/32"]
    return receivers()
