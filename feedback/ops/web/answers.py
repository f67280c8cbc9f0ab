"""What Django answers, on its way from a thread to a reader who may be slow."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import Executor
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Protocol

#: Bytes that are handed to the reader at once.
CHUNK = 65_536
_IN_MEMORY = 1_000_000


class Gone(Exception):
    """Nobody reads the answer any more."""


class Chunks(Protocol):
    """The body of an answer."""

    def chunks(self) -> AsyncIterator[bytes]:
        """Give it bit by bit."""

    async def close(self) -> None:
        """Forget it."""


class Whole:
    """An answer that is there."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    async def chunks(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._content), CHUNK):
            yield self._content[start : start + CHUNK]

    async def close(self) -> None:
        self._content = b""


class FileWrapper:
    """What Django hands over instead of an answer that is a file (`wsgi.file_wrapper`)."""

    def __init__(self, file: IO[bytes], block_size: int = CHUNK) -> None:
        self.file = file
        self.close = file.close

    def __iter__(self) -> Iterable[bytes]:
        return iter(lambda: self.file.read(CHUNK), b"")


class Lying:
    """A file, read a chunk at a time as its reader takes it: no thread waits in between."""

    def __init__(self, wrapper: FileWrapper, pool: Executor) -> None:
        self._wrapper = wrapper
        self._pool = pool
        # Most files are shorter: they need no second visit.
        self._next = wrapper.file.read(CHUNK)
        self._is_closed = False
        if not self._next:
            self._close()

    async def chunks(self) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        while self._next:
            yield self._next
            self._next = await loop.run_in_executor(self._pool, self._read)

    async def close(self) -> None:
        if not self._is_closed:
            await asyncio.get_running_loop().run_in_executor(self._pool, self._close)

    def _read(self) -> bytes:
        return self._wrapper.file.read(CHUNK)

    def _close(self) -> None:
        self._is_closed = True
        self._wrapper.close()


class Growing:
    """An answer that a thread makes bit by bit. It is kept in a file as it grows, so that the thread need not wait for its reader."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        self._lock = threading.Lock()
        self._more = asyncio.Event()
        self._is_whole = False
        self._is_gone = False

    def grow(self, bits: Iterable[Any]) -> None:
        """Take all ``bits``, in a thread. Raises `Gone` when the reader is."""
        try:
            for bit in bits:
                with self._lock:
                    if self._is_gone:
                        raise Gone
                    self._file.seek(0, 2)
                    self._file.write(bit)
                self._loop.call_soon_threadsafe(self._more.set)
        finally:
            self._is_whole = True
            self._loop.call_soon_threadsafe(self._more.set)

    async def chunks(self) -> AsyncIterator[bytes]:
        read = 0
        while True:
            self._more.clear()
            is_whole = self._is_whole
            with self._lock:
                self._file.seek(read)
                chunk = self._file.read(CHUNK)
            read += len(chunk)
            if chunk:
                yield chunk
            elif is_whole:
                return
            else:
                await self._more.wait()

    async def close(self) -> None:
        with self._lock:
            self._is_gone = True
            self._file.close()
