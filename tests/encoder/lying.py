"""Encoders that hang, drip, lie or go on for ever, as other people's servers may."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: Bytes that a dripping server sends at a time, and the seconds between: its answers come whole in the end, and late.
DRIP, BETWEEN = 1, 0.02


def rows(*vectors: Any, indices: list[Any] | None = None) -> Any:
    return {
        "data": [
            {"index": indices[i] if indices else i, "embedding": vector}
            for i, vector in enumerate(vectors)
        ]
    }


def head(length: int | str) -> bytes:
    return f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n".encode()


class Encoder:
    """What it sends: ``said`` as JSON, ``drips`` nothing, its "head" or its "body" byte by byte; None: it hangs."""

    def __init__(self, said: Any = None, *, drips: str = "", raw: bytes = b"") -> None:
        self.said, self.drips, self.raw = said, drips, raw
        self.asked = 0
        self._stop = threading.Event()

    def answer(self, link: socket.socket) -> None:
        if not link.recv(65_536):
            return
        self.asked += 1
        if self.raw:
            link.sendall(self.raw)
            return
        if self.said is None:
            self._stop.wait(20)
            return
        body = json.dumps(self.said).encode()
        for name, part in (("head", head(len(body))), ("body", body)):
            if self.drips != name:
                link.sendall(part)
                continue
            for at in range(0, len(part), DRIP):
                link.sendall(part[at : at + DRIP])
                if self._stop.wait(BETWEEN):
                    return

    def serve(self, listening: socket.socket) -> None:
        while not self._stop.is_set():
            try:
                link, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._served, args=(link,), daemon=True).start()

    def _served(self, link: socket.socket) -> None:
        try:
            with link:
                self.answer(link)
        except OSError:
            pass

    def stop(self) -> None:
        self._stop.set()


@contextmanager
def served(encoder: Encoder) -> Iterator[str]:
    """Serve ``encoder`` and yield its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=encoder.serve, args=(listening,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        encoder.stop()
        listening.close()
