"""A connection whose whole exchange ends by a moment, however slowly the other side drips.

A socket's own timeout is for each step alone: whoever sends a byte a second never runs into it.
"""

import io
import socket
import time
from http.client import HTTPConnection
from typing import Any, cast


def left(until: float) -> float:
    """Return the seconds left until ``until`` of the monotonic clock. Raises `TimeoutError` when none are."""
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


class Link:
    """A connected socket that gives each step only what is left of the whole time, up to ``until``."""

    def __init__(self, connected: socket.socket, until: float) -> None:
        self._socket = connected
        self.until = until

    def in_time(self) -> socket.socket:
        """Return the socket for one step. Raises `TimeoutError`."""
        self._socket.settimeout(left(self.until))
        return self._socket

    def sendall(self, data: Any) -> None:
        view = memoryview(data)
        while view:
            view = view[self.in_time().send(view) :]

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Arriving(self))

    def close(self) -> None:
        """Stay open: `http.client` lets go of what it still reads from."""

    def shut(self) -> None:
        """Close the socket."""
        self._socket.close()

    def __enter__(self) -> "Link":
        return self

    def __exit__(self, *_: object) -> None:
        self.shut()


class _Arriving(io.RawIOBase):
    """What arrives over a link."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        return self._link.in_time().recv_into(into)


def speak_over(connection: HTTPConnection, link: Link) -> None:
    """Have ``connection`` speak over ``link`` and never over another that it opens by itself."""
    connection.auto_open = 0
    connection.sock = cast(socket.socket, link)
