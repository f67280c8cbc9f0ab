"""The body of a request, received without a thread: within its size, and faster than a deadline that moves with it."""

import asyncio
from collections.abc import Awaitable, Callable
from tempfile import SpooledTemporaryFile
from typing import IO

from feedback.ops.web.bounds import Bounds, Message

#: Bytes of a body that stay in memory; the rest lies in a file.
_IN_MEMORY = 65_536


class HungUp(Exception):
    """Whoever sent it is gone."""


class TooSlow(Exception):
    """The body did not come in time."""


class TooLarge(Exception):
    """The body has more bytes than it may."""


class NoRoom(Exception):
    """All bodies on their way have as much as they may have together."""


class Room:
    """What the bodies on their way have together, of ``bounds.room`` bytes."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.taken = 0

    def take(self, size: int) -> None:
        """Take ``size`` bytes. Raises `NoRoom`."""
        if self.taken + size > self.bounds.room:
            raise NoRoom
        self.taken += size


class Body:
    """A body on its way: a context that gives its room back and closes its file."""

    def __init__(self, room: Room, *, most: int) -> None:
        self.file: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        self.length = 0
        self._room = room
        self._most = most

    def __enter__(self) -> "Body":
        return self

    def __exit__(self, *about: object) -> None:
        self._room.taken -= self.length
        self.file.close()

    async def arrive(self, receive: Callable[[], Awaitable[Message]], *, declared: int) -> None:
        """Receive all of it; ``declared`` is its length as said beforehand, 0 where it was not.

        Raises `TooLarge` before the first byte where it was said, `TooSlow`, `NoRoom` and `HungUp`.
        """
        if declared > self._most:
            raise TooLarge
        bounds = self._room.bounds
        try:
            async with asyncio.timeout(bounds.body_seconds) as clock:
                end = clock.when() or 0.0
                while await self._more(receive):
                    clock.reschedule(end + self.length / bounds.body_rate)
        except TimeoutError as error:
            raise TooSlow from error
        self.file.seek(0)

    async def _more(self, receive: Callable[[], Awaitable[Message]]) -> bool:
        message = await receive()
        if message["type"] != "http.request":
            raise HungUp
        chunk: bytes = message.get("body", b"")
        if self.length + len(chunk) > self._most:
            raise TooLarge
        self._room.take(len(chunk))
        self.length += len(chunk)
        self.file.write(chunk)
        return bool(message.get("more_body"))
