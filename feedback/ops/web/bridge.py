"""The web application as the server calls it: whoever is slow waits here, and costs no thread.

A body is received before a thread sees the request, an answer leaves its thread before it is read. Only what Django works on has one of
the ``WEB_THREADS``, and what may write leaves one of them for those who read.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import Any

from feedback.kernel import request_id
from feedback.ops.web import bounds as bounded
from feedback.ops.web import identified
from feedback.ops.web.answers import Chunks, FileWrapper, Gone, Growing, Lying, Whole
from feedback.ops.web.bodies import Body, HungUp, NoRoom, Room, TooLarge, TooSlow
from feedback.ops.web.bounds import Bounds, Message
from feedback.ops.web.environ import environ_of, headers_of, path_of
from feedback.ops.web.noted import Count, Noted

log = logging.getLogger("heed.web")

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
#: Set in the environment of a request whose body is too large: `at_the_door` answers it in the reader's language.
TOO_LARGE = "heed.too_large"
_BUSY = "Too many people want something at this moment. Nothing was saved; try again in a few seconds.\n"
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]


class Busy(Exception):
    """No thread was free in time."""


class Bridge:
    """An ASGI application around a WSGI ``application``; one for each process."""

    def __init__(
        self,
        application: Callable[..., Any],
        bounds: Bounds,
        most_bytes: bounded.Most = bounded.most_bytes,
        count: Count | None = None,
    ) -> None:
        self.application = application
        self.bounds = bounds
        self.most_bytes = most_bytes
        self.count = count
        self.room = Room(bounds)
        self.pool = ThreadPoolExecutor(bounds.threads, thread_name_prefix="request")
        self._turns = asyncio.Semaphore(bounds.threads)
        self._writing = asyncio.Semaphore(max(1, bounds.threads - 1))

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = headers_of(scope)
        noted = Noted(scope, headers.get(request_id.HEADER.lower(), ""), send)
        with request_id.known_as(noted.id):
            try:
                await self._answer_or_say_why(scope, headers, receive, noted)
            finally:
                noted.end(self.count)

    async def _answer_or_say_why(
        self, scope: Message, headers: dict[str, str], receive: Receive, noted: Noted
    ) -> None:
        try:
            if path_of(scope) == "/livez" and scope["method"] in ("GET", "HEAD"):
                await say(noted.send, 200, "ok\n")
            else:
                await self._answer(scope, headers, receive, noted)
        except HungUp:
            return
        except TooSlow:
            await say(noted.send, 408, "What was sent came too slowly.\n", ends=True)
        except (Busy, NoRoom):
            await say(noted.send, 503, _BUSY, ends=True)

    async def _answer(
        self, scope: Message, headers: dict[str, str], receive: Receive, noted: Noted
    ) -> None:
        if "content-length" not in headers and "transfer-encoding" not in headers:
            noted.environ = environ_of(scope, headers, None)
            await Exchange(self, scope, noted).carry_out()
            return
        with Body(self.room, most=self.most_bytes(path_of(scope), headers)) as body:
            is_too_large = False
            try:
                await body.arrive(receive, declared=_number(headers.get("content-length", "")))
            except TooLarge:
                is_too_large = True
            noted.environ = environ_of(scope, headers, None if is_too_large else body)
            if is_too_large:
                noted.environ[TOO_LARGE] = True
            await Exchange(self, scope, noted, rest=receive if is_too_large else None).carry_out()

    @asynccontextmanager
    async def turn(self, method: str) -> AsyncIterator[None]:
        """Have one of the threads for the block. Raises `Busy`."""
        wanted = [self._turns] if method in _SAFE else [self._writing, self._turns]
        had: list[asyncio.Semaphore] = []
        try:
            try:
                async with asyncio.timeout(self.bounds.turn_seconds):
                    for one in wanted:
                        await one.acquire()
                        had.append(one)
            except TimeoutError as error:
                raise Busy from error
            yield
        finally:
            for one in had:
                one.release()


class Exchange:
    """One request that Django works on, and its answer. Of a body that was not let in, the ``rest`` may still come."""

    def __init__(
        self, bridge: Bridge, scope: Message, noted: Noted, *, rest: Receive | None = None
    ) -> None:
        self.bridge = bridge
        self.method = scope["method"]
        self._noted = noted
        self._loop = asyncio.get_running_loop()
        self._head: Message = {}
        self._ready: asyncio.Future[Chunks] = self._loop.create_future()
        self._rest = rest
        self._extra = [(b"connection", b"close")] if rest else []

    async def carry_out(self) -> None:
        """Have Django work in a thread; give the answer to its reader, however long that takes, without one."""
        work = asyncio.create_task(self._work_in_turn())
        either: list[asyncio.Future[Any]] = [work, self._ready]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not self._ready.done():
            await work  # raises what happened
        answer = await self._ready
        try:
            await self._give(answer)
        finally:
            await answer.close()
            await work

    async def _give(self, answer: Chunks) -> None:
        try:
            await self._within(self._head)
            if self.method != "HEAD":
                async for chunk in answer.chunks():
                    await self._within(
                        {"type": "http.response.body", "body": chunk, "more_body": True}
                    )
            if self._rest:
                await forget(self._rest, self.bridge.bounds)
            await self._within({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            log.info("An answer was not read in time and was ended.")

    async def _within(self, message: Message) -> None:
        async with asyncio.timeout(self.bridge.bounds.send_seconds):
            await self._noted.send(message)

    async def _work_in_turn(self) -> None:
        async with self.bridge.turn(self.method):
            await self._loop.run_in_executor(self.bridge.pool, self._work_by_name)

    def _work_by_name(self) -> None:
        self._noted.environ[identified.ID] = self._noted.id
        with request_id.known_as(self._noted.id):
            self._work()

    def _work(self) -> None:
        said = self.bridge.application(self._noted.environ, self._start_response)
        if isinstance(said, FileWrapper):
            self._tell(Lying(said, self.bridge.pool))
            return
        try:
            if getattr(said, "streaming", False):
                growing = Growing(self._loop)
                self._tell(growing)
                growing.grow(said)
            else:
                content = b"".join(said)
        except Gone:
            return
        finally:
            if close := getattr(said, "close", None):
                close()
        if not getattr(said, "streaming", False):
            self._tell(Whole(content))

    def _tell(self, answer: Chunks) -> None:
        self._loop.call_soon_threadsafe(self._ready.set_result, answer)

    def _start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> None:
        said = [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers]
        self._head = {
            "type": "http.response.start",
            "status": int(status.split(" ", 1)[0]),
            "headers": said + self._extra,
        }


async def forget(receive: Receive, bounds: Bounds) -> None:
    """Take what is still sent, for a while: whoever sends reads no answer, and a connection that ends meanwhile takes the answer along."""
    taken = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(bounds.rest_seconds):
            while taken < bounds.rest:
                message = await receive()
                if not message.get("more_body"):
                    return
                taken += len(message["body"])


async def say(send: Send, status: int, sentence: str, *, ends: bool = False) -> None:
    """Answer with one sentence; ``ends`` the connection, whose body nobody read."""
    content = sentence.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(content)).encode()),
        (b"cache-control", b"max-age=0, no-cache, no-store, must-revalidate, private"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if status == 503:
        headers.append((b"retry-after", b"5"))
    if ends:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content, "more_body": False})


def _number(words: str) -> int:
    return int(words) if words.isascii() and words.isdigit() else 0
