"""Heed from the outside: started as people start it, used as browsers use it, killed as machines kill it."""

import http.client
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest

from feedback.ops import running
from feedback.ops.first_start import LOGIN_NAME
from feedback.ops.preconditions import free_port
from tests.migrated import migrated_folder
from tests.processes import ROOT, command, environment, on_sqlite

pytestmark = [on_sqlite, pytest.mark.timeout(400)]

SECONDS = 90.0


class Served:
    """A running ``serve`` and what it says."""

    def __init__(self, folder: Path, port: int, *words: str, **more: str) -> None:
        self.folder = folder
        self.port = port
        self.said: list[str] = []
        self.process = subprocess.Popen(
            command("serve", "--port", str(port), *words),
            env=environment(folder, COLUMNS="100", **more),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip())

    @property
    def text(self) -> str:
        return "\n".join(self.said)

    def until(self, condition: Callable[[], object], what: str, seconds: float = SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"Not within {seconds:g} s: {what}\n{self.text}"
            assert self.process.poll() is None, f"serve ended\n{self.text}"
            time.sleep(0.05)

    def until_up(self) -> None:
        self.until(self.is_up, "the web answers")

    def is_up(self) -> bool:
        try:
            return Visitor(self.port).get("/livez")[0] == 200
        except OSError:
            return False

    def part(self, name: str) -> int:
        """The process id of web, worker or encoder."""
        mark = {"encoder": "encoder_process"}.get(name, f"manage.py {name}")
        for pid in children_of(self.process.pid):
            if mark in command_of(pid):
                return pid
        return 0

    def everyone(self) -> list[int]:
        """All processes below."""
        found, waiting = [], [self.process.pid]
        while waiting:
            below = children_of(waiting.pop())
            found += below
            waiting += below
        return found

    def kill(self) -> None:
        for pid in [self.process.pid, *self.everyone()]:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    def stop(self, signum: int = signal.SIGINT) -> int:
        self.process.send_signal(signum)
        code = self.process.wait(40)
        self._reader.join(10)
        return code


def children_of(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


class Visitor:
    """A browser without a window: cookies, forms, one connection a request."""

    csrf = "heed_csrf"

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str, str]:
        connection, headers = self.connection(), self.headers()
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or []:
                for name, morsel in SimpleCookie(line).items():
                    self.cookies[name] = morsel.value
            return answer.status, answer.read().decode(), answer.headers.get("Location") or ""
        finally:
            connection.close()

    def get(self, path: str) -> tuple[int, str]:
        status, text, _ = self._ask("GET", path)
        return status, text

    def send(self, path: str, **fields: str) -> tuple[int, str]:
        """Send a form; return status and where it leads."""
        fields["csrfmiddlewaretoken"] = self.cookies[self.csrf]
        status, _, location = self._ask("POST", path, urlencode(fields))
        return status, location

    def sign_in(self, email: str, password: str) -> None:
        self.get("/accounts/login/")
        status, location = self.send("/accounts/login/", login=email, password=password)
        assert (status, location) == (302, "/"), location


class Writer(threading.Thread):
    """Somebody who posts and votes all the time, and remembers what was acknowledged."""

    def __init__(self, visitor: Visitor, name: str) -> None:
        super().__init__(daemon=True)
        self.visitor = visitor
        self.stop = threading.Event()
        self.name = name
        self.posts: list[str] = []
        self.unvoted: list[str] = []
        #: What was asked for and never answered may have happened or not.
        self.open: set[str] = set()

    def run(self) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            try:
                status, location = self.visitor.send(
                    "/posts/new/", board="suggestions", kind="SUGGESTION", body="",
                    title=f"Wish {number} of {self.name}: a dark mode for reading at night",
                )  # fmt: skip
                if status == 302 and (match := re.fullmatch(r"/posts/([^/]+)/", location)):
                    self.posts.append(match.group(1))
                    if number % 3 == 0:
                        self.open.add(match.group(1))
                        status, _ = self.visitor.send(f"/posts/{match.group(1)}/vote/", want="0")
                        if status == 302:
                            self.unvoted.append(match.group(1))
                            self.open.discard(match.group(1))
                self.stop.wait(0.15)  # the encoder reads it all before the end
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)  # the web was killed: nothing was acknowledged


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    started: list[Served] = []

    def begin(
        *words: str, folder: Path | None = None, port: int = 0, migrated: bool = False
    ) -> Served:
        if migrated:  # one test begins with nothing; the others need not wait for it
            folder = Path(shutil.copytree(migrated_folder(), tmp_path / "data"))
        served = Served(folder or tmp_path / "data", port or free_port(), *words)
        started.append(served)
        return served

    yield begin
    for served in started:
        served.kill()


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "heed.sqlite3", timeout=20)) as database:
        return database.execute(query).fetchall()


def login_of(served: Served) -> tuple[str, str]:
    path = served.folder / LOGIN_NAME
    served.until(lambda: LOGIN_NAME in served.text, "it says where the login is")
    email, password = re.findall(r"(?:E-mail|Password) +(\S+)", path.read_text(encoding="utf-8"))
    return email, password


def test_a_second_start_finds_everything_and_a_killed_one_leaves_nothing(
    serve: Callable[..., Served],
) -> None:
    first = serve("--sample", "none", migrated=True)
    email, password = login_of(first)
    first.until_up()
    visitor = Visitor(first.port)
    visitor.sign_in(email, password)
    assert visitor.get("/posts/new/")[0] == 200
    status, post = visitor.send(
        "/posts/new/", board="suggestions", kind="BUG", title="It stops at night", body="Always."
    )
    assert status == 302

    refused = subprocess.run(
        command("serve", "--port", str(free_port())),
        env=environment(first.folder),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert refused.returncode == 1
    assert (
        f"already serves the data folder {first.folder} at http://127.0.0.1:{first.port}"
        in refused.stderr
    )

    everyone = first.everyone()
    first.process.kill()
    first.process.wait()
    deadline = time.monotonic() + 20
    while left := [pid for pid in everyone if "follow" in command_of(pid)]:
        assert time.monotonic() < deadline, [command_of(pid) for pid in left]
        time.sleep(0.1)
    assert running.where(first.folder) is None

    second = serve("--sample", "none", folder=first.folder, port=first.port)
    second.until_up()
    status, page = visitor.get(post)
    assert status == 200
    assert "It stops at night" in page
    assert LOGIN_NAME not in second.text
    assert second.stop(signal.SIGTERM) == 0
    assert "Traceback" not in second.text


def test_a_first_import_that_is_killed_goes_on_at_the_next_start(
    serve: Callable[..., Served],
) -> None:
    first = serve("--sample", "reviews")
    first.until(lambda: _posts(first.folder) >= 1_000, "the import has begun")
    first.process.kill()
    first.process.wait()
    assert _posts(first.folder) < 5_000
    second = serve(folder=first.folder, port=first.port)
    second.until(lambda: "5,000 posts are there." in second.text, "the import is done")
    second.until(lambda: "Everything is ready" in second.text, "they are grouped", seconds=240)
    assert re.search(r"5,000 posts are [\d,]+ asks, 0 answered\.", second.text)
    assert _posts(first.folder) == 5_000
    assert second.stop() == 0


def _posts(folder: Path) -> int:
    try:
        return int(str(rows(folder, "SELECT COUNT(*) FROM forum_post")[0][0]))
    except sqlite3.Error:
        return 0
