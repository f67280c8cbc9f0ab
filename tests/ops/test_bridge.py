"""The bridge between the server and Django: who is slow, rude or sends too much costs nobody else."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

import pytest

from feedback.ops.web.answers import FileWrapper
from feedback.ops.web.bounds import Bounds, Message
from feedback.ops.web.bridge import TOO_LARGE, Bridge

QUICK = Bounds(
    threads=2,
    room=100_000,
    body_seconds=0.2,
    body_rate=1e9,
    turn_seconds=0.2,
    send_seconds=0.2,
    rest=1_000,
    rest_seconds=0.2,
)


def apart(run: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run it in a thread of its own: where a browser has been, a loop goes on in this one. Return what it returns."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(run())).result()


class Asked:
    """One request to a bridge, and what it answered."""

    def __init__(self, *bits: bytes, method: str = "GET", path: str = "/", **headers: str) -> None:
        named = [(name.replace("_", "-"), value) for name, value in headers.items()]
        self.scope: Message = {
            "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"a=1",
            "http_version": "1.1", "scheme": "http", "server": ("127.0.0.1", "80"), "client": ("10.0.0.9", "1"),
            "headers": [(name.encode(), value.encode()) for name, value in named],
        }  # fmt: skip
        self.bits = list(bits)
        self.sent: list[Message] = []
        self.read_by: Callable[[Message], Awaitable[None]] | None = None

    async def receive(self) -> Message:
        if not self.bits:
            await asyncio.Event().wait()  # the rest never comes
        bit = self.bits.pop(0)
        if bit == b"GONE":
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": bit, "more_body": bit != b""}

    async def send(self, message: Message) -> None:
        if self.read_by:
            await self.read_by(message)
        self.sent.append(message)

    async def to(self, bridge: Bridge) -> "Asked":
        await bridge(self.scope, self.receive, self.send)
        return self

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"]) if self.sent else 0

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.sent[0]["headers"])

    @property
    def content(self) -> bytes:
        return b"".join(message["body"] for message in self.sent[1:])


def form(*bits: bytes, length: int | None = None, **more: str) -> Asked:
    sized = (
        {"content_length": str(length)} if length is not None else {"transfer_encoding": "chunked"}
    )
    return Asked(*bits, method="POST", **sized, **more)


class Django:
    """Answers what ``said`` returns, and remembers what it was asked."""

    def __init__(self, said: Callable[[dict[str, Any]], Iterable[bytes]] | None = None) -> None:
        self.said = said or (lambda environ: [environ["wsgi.input"].read()])
        self.asked: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked.append(environ)
        start_response("200 OK", [("X-Kind", "plain")])
        return self.said(environ)


def bridge(
    said: Callable[[dict[str, Any]], Iterable[bytes]] | None = None, *, most: int = 1000
) -> tuple[Bridge, Django]:
    django = Django(said)
    return Bridge(django, QUICK, lambda path, headers: most), django


def test_a_form_arrives_whole_however_it_is_cut() -> None:
    async def run() -> None:
        web, django = bridge()
        whole = await form(b"title=", b"a wish", b"", length=12).to(web)
        chunked = await form(b"title=", b"a wish", b"").to(web)
        assert whole.status == chunked.status == 200
        assert whole.content == chunked.content == b"title=a wish"
        assert [environ["CONTENT_LENGTH"] for environ in django.asked] == ["12", "12"]
        assert web.room.taken == 0

    apart(run)


def test_a_body_that_drips_is_ended_and_takes_no_thread_and_no_room() -> None:
    async def run() -> None:
        web, django = bridge()
        slow = [form(b"a", b"b", length=900) for _ in range(50)]
        asked = [asyncio.create_task(one.to(web)) for one in slow]
        await asyncio.sleep(0)
        assert (await Asked().to(web)).status == 200
        await asyncio.gather(*asked)
        assert {one.status for one in slow} == {408}
        assert len(django.asked) == 1
        assert web.room.taken == 0

    apart(run)


def test_a_body_as_fast_as_a_poor_line_has_its_time() -> None:
    async def run() -> None:
        web = Bridge(Django(), Bounds(threads=1, room=9_000, body_seconds=0.3, body_rate=1.0))
        web.most_bytes = lambda path, headers: 9_000
        poor = form(b"a" * 5_000, length=5_001)
        receive = poor.receive

        async def late() -> Message:
            await asyncio.sleep(0 if poor.bits and poor.bits[0] != b"" else 0.4)
            return await receive()

        poor.receive = late  # type: ignore[method-assign]
        poor.bits.append(b"")
        assert (await poor.to(web)).status == 200

    apart(run)


def test_what_is_too_large_is_answered_and_only_then_taken_and_forgotten() -> None:
    async def run() -> None:
        web, django = bridge(most=10)
        said = form(b"x" * 5, length=300_000_000)
        cut = form(b"x" * 6, b"x" * 6, b"the rest", b"")
        for asked, unread in ((said, [b"x" * 5]), (cut, [b"the rest", b""])):
            unread_at_the_head: list[bytes] = []

            async def look(
                message: Message, asked: Asked = asked, seen: list[bytes] = unread_at_the_head
            ) -> None:
                seen += asked.bits if message["type"] == "http.response.start" else []

            asked.read_by = look
            assert (await asked.to(web)).headers[b"connection"] == b"close"
            assert unread_at_the_head == unread
            assert asked.bits == []
        assert all(environ[TOO_LARGE] for environ in django.asked)
        assert all(environ["CONTENT_LENGTH"] == "0" for environ in django.asked)
        assert web.room.taken == 0

    apart(run)


def test_of_what_is_refused_no_more_than_the_rest_is_taken() -> None:
    async def run() -> None:
        web, _django = bridge(most=10)
        asked = await form(*[b"x" * 400] * 9, length=3_600).to(web)
        assert len(asked.bits) == 9 - 3

    apart(run)


def test_all_bodies_together_have_no_more_than_the_room() -> None:
    async def run() -> None:
        web, django = bridge(most=90_000)
        first = asyncio.create_task(form(b"x" * 80_000, length=80_001).to(web))
        await asyncio.sleep(0.01)
        second = await form(b"x" * 80_000, b"", length=80_000).to(web)
        assert second.status == 503
        assert second.headers[b"retry-after"] == b"5"
        assert (await first).status == 408
        assert not django.asked

    apart(run)


def test_who_hangs_up_is_forgotten() -> None:
    async def run() -> None:
        web, django = bridge()
        gone = await form(b"abc", b"GONE", length=900).to(web)
        assert not gone.sent
        assert not django.asked
        assert web.room.taken == 0

    apart(run)


def test_writers_who_wait_leave_a_thread_to_readers_and_are_told_when_none_is_free() -> None:
    free = threading.Event()

    def said(environ: dict[str, Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            free.wait(5)
        return [b"done"]

    async def run() -> None:
        web, _ = bridge(said)
        holds = asyncio.create_task(form(b"", length=0).to(web))
        await asyncio.sleep(0.01)
        waits = asyncio.create_task(form(b"", length=0).to(web))
        assert (await Asked().to(web)).content == b"done"
        assert (await waits).status == 503
        assert (await Asked(path="/livez").to(web)).content == b"ok\n"
        free.set()
        assert (await holds).content == b"done"

    apart(run)


def test_it_lives_while_every_thread_works() -> None:
    free = threading.Event()

    async def run() -> None:
        web, _ = bridge(lambda environ: [b"x"] if free.wait(5) else [])
        busy = [asyncio.create_task(Asked().to(web)) for _ in range(2)]
        await asyncio.sleep(0.01)
        assert (await Asked(path="/livez").to(web)).status == 200
        assert (await Asked().to(web)).status == 503
        free.set()
        assert {one.status for one in await asyncio.gather(*busy)} == {200}

    apart(run)


class Stream:
    """A streaming answer of Django's."""

    streaming = True

    def __init__(self, bits: Iterable[bytes]) -> None:
        self.bits = bits
        self.is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.bits)

    def close(self) -> None:
        self.is_closed = True


def test_a_slow_reader_of_a_long_answer_holds_no_thread() -> None:
    stream = Stream(b"x" * 1000 for _ in range(3000))

    async def run() -> None:
        web, _ = bridge(lambda environ: stream if environ["PATH_INFO"] == "/long" else [b"short"])
        reads_on = asyncio.Event()
        slow = [Asked(path="/long") for _ in range(1)]
        slow[0].read_by = lambda message: reads_on.wait()  # type: ignore[assignment,return-value]
        asked = asyncio.create_task(slow[0].to(web))
        while not stream.is_closed:
            await asyncio.sleep(0.001)
        assert [(await Asked().to(web)).content for _ in range(4)] == [b"short"] * 4
        reads_on.set()
        assert (await asked).content == b"x" * 3_000_000

    apart(run)


def test_who_never_reads_is_ended_and_what_made_the_answer_too() -> None:
    stream = Stream(iter(lambda: b"x" * 1000, b""))  # without an end

    async def run() -> None:
        web, _ = bridge(lambda environ: stream)
        deaf = Asked()

        async def never(message: Message) -> None:
            await asyncio.Event().wait()

        deaf.read_by = never
        await deaf.to(web)
        assert stream.is_closed

    apart(run)


class File:
    """A file that counts who reads it."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.is_closed = False

    def read(self, size: int) -> bytes:
        taken = min(size, self.left)
        self.left -= taken
        return b"f" * taken

    def close(self) -> None:
        self.is_closed = True


@pytest.mark.parametrize("size", [0, 10, 65_536, 200_000])
def test_a_file_is_read_as_its_reader_takes_it_and_closed(size: int) -> None:
    file = File(size)
    as_file: IO[bytes] = file  # type: ignore[assignment]

    async def run() -> None:
        web, _ = bridge(lambda environ: FileWrapper(as_file))  # type: ignore[arg-type,return-value]
        assert (await Asked().to(web)).content == b"f" * size
        assert file.is_closed

    apart(run)


def test_the_request_is_told_as_it_was_sent() -> None:
    async def run() -> None:
        web, django = bridge()
        asked = Asked(path="/%E4%BD%A0%FF", x_forwarded_for="1.2.3.4", cookie="a=1")
        asked.scope["headers"] += [(b"cookie", b"b=2"), (b"x_forwarded_for", b"6.6.6.6")]
        answer = await asked.to(web)
        environ = django.asked[0]
        assert environ["PATH_INFO"].encode("latin1") == b"/\xe4\xbd\xa0\xff"
        assert environ["HTTP_COOKIE"] == "a=1; b=2"
        assert environ["HTTP_X_FORWARDED_FOR"] == "1.2.3.4"
        assert environ["REMOTE_ADDR"] == "10.0.0.9"
        assert environ["QUERY_STRING"] == "a=1"
        assert answer.headers[b"x-kind"] == b"plain"

    apart(run)


def test_an_error_of_the_application_is_the_servers_to_tell() -> None:
    def broken(environ: dict[str, Any]) -> Iterable[bytes]:
        raise ValueError("broken")

    async def run() -> None:
        web, _ = bridge(broken)
        with pytest.raises(ValueError, match="broken"):
            await Asked().to(web)
        web.application = Django(lambda environ: [b"well"])
        assert (await Asked().to(web)).content == b"well"

    apart(run)
