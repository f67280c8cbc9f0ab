"""What is noted of each request once it is answered: a line in the log, and a count where somebody counts."""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from feedback.kernel import request_id
from feedback.ops.web import identified
from feedback.ops.web.bounds import Message

access = logging.getLogger("heed.access")

#: What the bridge answers itself has no page of Django's.
OWN = "bridge"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_HEADER = request_id.HEADER.lower().encode()


class Count(Protocol):
    """Counts a request that was answered."""

    def __call__(self, *, method: str, route: str, status: int, seconds: float) -> None: ...


class Noted:
    """One request and what became of it. Neither address nor person is noted: a page has a name."""

    def __init__(
        self, scope: Message, said: str, send: Callable[[Message], Awaitable[None]]
    ) -> None:
        self.id = identified.chosen(said)
        self.environ: dict[str, Any] = {}
        self._method = scope["method"] if scope["method"] in _METHODS else "other"
        self._send = send
        self._status = 0
        self._began = time.perf_counter()

    async def send(self, message: Message) -> None:
        """Pass on what is answered; its head says the id."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            if all(name != _HEADER for name, _value in message["headers"]):
                headers = [*message["headers"], (_HEADER, self.id.encode())]
                message = message | {"headers": headers}
        await self._send(message)

    def end(self, count: Count | None) -> None:
        """Note it. Without a status nobody was there to be answered: 499, as proxies call it."""
        seconds = time.perf_counter() - self._began
        route, status = self.environ.get(identified.ROUTE, OWN) or "-", self._status or 499
        about: dict[str, Any] = {"method": self._method, "route": route, "status": status}
        access.info("answered", extra=about | {"ms": round(1000 * seconds)})
        if count is not None:
            count(seconds=seconds, **about)
