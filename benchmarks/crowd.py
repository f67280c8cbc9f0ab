"""What readers wait while others are slow, idle or rude: `make bench-crowd`.

Starts the web alone, no proxy before it, on a fresh site in a folder of its own. Sixteen readers with open connections ask for the
front page, first by themselves, then in a crowd: idle connections of three kinds (nothing sent, half a header, kept open after an answer),
forms that come a byte a second, and others that ask for a page and never read it. Who is thrown out comes back. The crowd comes from
several addresses of loopback, or from one (`--addresses 1`), and the readers from another. Crowd, readers and web share the machine.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import quantiles

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
GOAL = 300.0
HEAD = f"Host: {HOST}\r\n"
FORM = f"POST /accounts/login/ HTTP/1.1\r\n{HEAD}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 2000\r\n\r\n"
#: What an idle connection says before it says no more.
SAYINGS = ("", f"GET / HTTP/1.1\r\n{HEAD}", f"GET /livez HTTP/1.1\r\n{HEAD}\r\n")


@dataclass(frozen=True)
class Waited:
    """What the readers waited, in milliseconds; ``failed`` are answers other than 200, or none."""

    asked: int
    failed: int
    p50: float
    p95: float
    worst: float
    megabytes: float


class Web:
    """`manage.py web` on a fresh site, as `serve` starts it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HEED_")}
        self.environment = kept | {"HEED_DATA_DIR": str(folder), "HEED_ENCODER": "hashing"}

    def start(self) -> None:
        """Lay out the site, start the web and wait until it answers."""
        is_laid_out = (Path(self.environment["HEED_DATA_DIR"]) / "static" / "ui").exists()
        for words in (
            ()
            if is_laid_out
            else (("migrate", "--verbosity", "0"), ("collectstatic", "--no-input", "-v", "0"))
        ):
            subprocess.run(self._command(*words), env=self.environment, cwd=ROOT, check=True)
        self.process = subprocess.Popen(
            self._command("web", "--port", str(self.port)),
            env=self.environment, cwd=ROOT, start_new_session=True,
        )  # fmt: skip
        asyncio.run(self._until_up())

    def stop(self) -> None:
        """End it."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def megabytes(self) -> float:
        """Return what its processes hold of the memory, each one's share of what they share."""
        total = 0
        for pid in self._processes():
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                total += int(line.split()[1]) if line.startswith("Pss:") else 0
        return total / 1000

    def worked(self) -> float:
        """Return the seconds of a processor that its processes have worked."""
        ticks = 0
        for pid in self._processes():
            told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(told[11]) + int(told[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def largest_file(self) -> str:
        """Return the address of its largest style sheet or script."""
        static = Path(self.environment["HEED_DATA_DIR"]) / "static"
        largest = max(static.rglob("*.js"), key=lambda file: file.stat().st_size)
        return f"/static/{largest.relative_to(static)}"

    def _processes(self) -> list[str]:
        below = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [str(self.process.pid), *below.split()]

    async def _until_up(self) -> None:
        for _ in range(600):
            with suppress(OSError, asyncio.IncompleteReadError, IndexError):
                reader, writer = await asyncio.open_connection(HOST, self.port)
                status = await ask(reader, writer, "/readyz")
                writer.close()
                if status == 200:
                    return
            await asyncio.sleep(0.1)
        raise SystemExit("The web did not start.")

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, "manage.py", *words]


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> int:
    """Ask for ``path`` on an open connection, read all of the answer and return its status."""
    writer.write(f"GET {path} HTTP/1.1\r\n{HEAD}\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin1").lower()
    if "transfer-encoding: chunked" in head:
        while size := int(await reader.readuntil(b"\r\n"), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
    else:
        await reader.readexactly(int(head.split("content-length:")[1].split("\r\n")[0]))
    return int(head.split()[1])


class Crowd:
    """Connections that are no good; ``is`` counts those that are open, ``thrown_out`` how often one was ended."""

    def __init__(self, port: int, large: str, addresses: int) -> None:
        self.port = port
        self.large = large
        self.addresses = addresses
        self.open: Counter[str] = Counter()
        self.thrown_out: Counter[str] = Counter()
        self._tasks: list[asyncio.Task[None]] = []

    def come(self, idle: int, slow: int, deaf: int) -> None:
        """Have them come, spread over three seconds."""
        kinds = ["idle"] * idle + ["slow"] * slow + ["deaf"] * deaf
        for place, kind in enumerate(kinds):
            self._tasks.append(asyncio.create_task(self._one(kind, place, 3 * place / len(kinds))))

    async def go(self) -> None:
        """Have them go."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)

    async def _one(self, kind: str, place: int, pause: float) -> None:
        await asyncio.sleep(pause)
        source = f"127.0.1.{1 + place % self.addresses}"
        while True:
            with suppress(OSError):
                reader, writer = await asyncio.open_connection(
                    HOST, self.port, limit=1024, local_addr=(source, 0)
                )
                self.open[kind] += 1
                try:
                    await getattr(self, f"_be_{kind}")(reader, writer, place)
                    self.thrown_out[kind] += 1
                finally:
                    self.open[kind] -= 1
                    writer.transport.abort()
            await asyncio.sleep(0.5)

    async def _be_idle(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, place: int
    ) -> None:
        writer.write(SAYINGS[place % len(SAYINGS)].encode())
        while await reader.read(1024):
            pass

    async def _be_slow(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, place: int
    ) -> None:
        writer.write(FORM.encode())
        while not reader.at_eof():
            writer.write(b"a")
            await writer.drain()
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await reader.read(1024)

    async def _be_deaf(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, place: int
    ) -> None:
        writer.write(f"GET {self.large} HTTP/1.1\r\n{HEAD}\r\n".encode() * 20)
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        await asyncio.sleep(3600)


def gather(
    port: int, large: str, addresses: int, kinds: tuple[int, int, int], told: Connection
) -> None:
    """Have a crowd come, say so once it has, and stay until told to go; then say who was there and who was thrown out."""

    async def stay() -> None:
        crowd = Crowd(port, large, addresses)
        crowd.come(*kinds)
        await asyncio.sleep(4)
        told.send("there")
        await asyncio.to_thread(told.recv)
        told.send((dict(crowd.open), dict(crowd.thrown_out)))
        await crowd.go()

    asyncio.run(stay())


async def read(port: int, readers: int, seconds: float, web: Web) -> Waited:
    """Have ``readers`` ask for the front page again and again, at the pace of people."""
    waited: list[float] = []
    failed = 0
    end = time.monotonic() + seconds

    async def one(place: int) -> None:
        nonlocal failed
        await asyncio.sleep(place / readers)
        link = None
        while time.monotonic() < end:
            began = time.monotonic()
            try:
                async with asyncio.timeout(20):
                    link = link or await asyncio.open_connection(HOST, port)
                    failed += await ask(*link, "/") != 200
            except (OSError, ValueError, IndexError, asyncio.IncompleteReadError):
                failed += 1
                link = None
            waited.append(1000 * (time.monotonic() - began))
            await asyncio.sleep(max(0.0, began + 1 - time.monotonic()))

    await asyncio.gather(*(one(place) for place in range(readers)))
    cuts = quantiles(waited, n=20)
    return Waited(len(waited), failed, cuts[9], cuts[18], max(waited), web.megabytes())


async def measure(web: Web, asked: argparse.Namespace) -> dict[str, object]:
    """Return what readers waited alone and in the crowd."""
    await read(web.port, asked.readers, 5, web)
    began = web.worked()
    alone = await read(web.port, asked.readers, asked.seconds, web)
    alone_work = web.worked() - began
    print("alone:", json.dumps(asdict(alone)), file=sys.stderr)
    # In a process of their own: what the crowd works must not be what the readers wait for.
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe()
    arguments = (
        web.port,
        web.largest_file(),
        asked.addresses,
        (asked.idle, asked.slow, asked.deaf),
    )
    crowd = spawning.Process(target=gather, args=(*arguments, theirs), daemon=True)
    crowd.start()
    ours.recv()
    began = web.worked()
    among = await read(web.port, asked.readers, asked.seconds, web)
    among_work = web.worked() - began
    print("in the crowd:", json.dumps(asdict(among)), file=sys.stderr)
    ours.send("go")
    were_there, thrown_out = ours.recv()
    crowd.join()
    return {
        "alone": asdict(alone), "in the crowd": asdict(among),
        "processor seconds alone": alone_work, "processor seconds in the crowd": among_work,
        "open at the end": were_there, "thrown out": thrown_out,
        "goal": f"p95 under {GOAL:g} ms, none failed",
        "holds": among.p95 < GOAL and not among.failed,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, number in (
        ("idle", 1000),
        ("slow", 200),
        ("deaf", 50),
        ("readers", 16),
        ("addresses", 50),
    ):
        parser.add_argument(f"--{name}", type=int, default=number)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--port", type=int, default=18960)
    parser.add_argument("--folder", type=Path, help="A data folder to keep and use again.")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *about: sys.exit(1))
    with tempfile.TemporaryDirectory() as folder:
        web = Web(asked.folder or Path(folder), asked.port)
        try:
            web.start()
            print(json.dumps(asyncio.run(measure(web, asked)), indent=1))
        finally:
            web.stop()


if __name__ == "__main__":
    main()
