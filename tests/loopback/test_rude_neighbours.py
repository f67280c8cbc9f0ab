"""A site that serves beside clients that are slow, silent or send too much, and beside a database that is locked or away."""

import contextlib
import http.client
import selectors
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from feedback.ops.management.commands.web import connections
from feedback.ops.web import peers
from tests.loopback.machines import SITE, rows
from tests.loopback.test_serve import Served, Visitor, children_of, login_of

pytestmark = [pytest.mark.loopback, pytest.mark.own_database, pytest.mark.timeout(400)]

_HEAD = "Host: 127.0.0.1\r\n"
_FORM = f"{_HEAD}Content-Type: application/x-www-form-urlencoded\r\n"
_LIVEZ = f"GET /livez HTTP/1.1\r\n{_HEAD}\r\n"
_SLOW = f"POST /accounts/login/ HTTP/1.1\r\n{_FORM}Content-Length: 2000\r\n\r\na"
_ON_POSTGRES = settings.TEST_DATABASE == "postgres"


@pytest.fixture
def signed_in(served: Served) -> Visitor:
    """The administrator of the site, at a browser."""
    email, password = login_of(served)
    served.until_up()
    visitor = Visitor(served.port)
    visitor.sign_in(email, password)
    return visitor


def _open(port: int, said: str = "", source: str = "127.0.0.1") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), 60, (source, 0))
    connection.sendall(said.encode())
    return connection


def _memory(served: Served) -> int:
    """Return the kilobytes that the processes of the web have in memory."""
    web = served.part("web")
    lines = [
        line
        for pid in (web, *children_of(web))
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
    ]
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def _asked(port: int, method: str, path: str, body: str = "", cookies: str = "") -> tuple[http.client.HTTPResponse, str]:  # fmt: skip
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies}
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    said = answer.read().decode()
    connection.close()
    return answer, said


@pytest.mark.check(28)
def test_the_slow_and_the_silent_stop_nobody(served: Served, record_property: Callable[..., None]) -> None:  # fmt: skip
    served.until_up()
    crowd = []
    for _ in range(50):
        crowd += [
            _open(served.port),
            _open(served.port, f"GET / HTTP/1.1\r\n{_HEAD}"),
            _open(served.port, _LIVEZ),
            _open(served.port, _SLOW),
        ]  # fmt: skip
    answered = [_asked(served.port, "GET", "/")[0].status for _ in range(12)]
    alive = _asked(served.port, "GET", "/livez")[0].status
    ended = 0
    for connection in crowd:
        with contextlib.suppress(OSError):
            while connection.recv(65_536):
                pass
            ended += 1
        connection.close()
    record_property(
        "got",
        f"{answered.count(200)} of 12 answered beside {len(crowd)}, of which {ended} were ended",
    )
    assert answered == [200] * 12
    assert alive == 200
    assert ended == len(crowd)


@pytest.mark.check(28)
def test_one_address_cannot_take_all_connections(served: Served, record_property: Callable[..., None]) -> None:  # fmt: skip
    served.until_up()
    # Each process of the web lets one address have so many, and is handed connections as they come.
    most = settings.WEB_WORKERS * (connections() // peers.SHARE)
    reader = _open(served.port, _LIVEZ)
    many = [_open(served.port, _SLOW, source="127.0.0.2") for _ in range(2 * most)]
    waiting = {connection.fileno(): connection for connection in many}
    ended = 0
    with selectors.DefaultSelector() as looking:
        for connection in many:
            looking.register(connection, selectors.EVENT_READ)
        while ended < most and waiting:
            assert _asked(served.port, "GET", "/livez")[0].status == 200
            for key, _ in looking.select(0):
                looking.unregister(key.fd)
                said = b""
                with contextlib.suppress(ConnectionError):
                    said = waiting.pop(key.fd).recv(1000)
                # Who is only slow is told so at last.
                ended += not said
    assert ended >= most
    record_property("got", f"of {2 * most} connections of one address at most {most} were left")
    reader.sendall(_LIVEZ.encode())
    assert b"200 OK" in reader.recv(65_536)
    for connection in (reader, *many):
        connection.close()


@pytest.mark.check(21)
def test_too_much_is_refused_before_it_is_read(served: Served, record_property: Callable[..., None]) -> None:  # fmt: skip
    served.until_up()
    assert _asked(served.port, "GET", "/accounts/login/")[0].status == 200
    before = _memory(served)
    said = _open(served.port, f"POST /accounts/login/ HTTP/1.1\r\n{_FORM}Content-Length: 300000000\r\n\r\n")  # fmt: skip
    assert said.recv(1000).split(b"\r\n")[0].split()[1] == b"413"
    said.close()
    chunked = _open(served.port, f"POST /accounts/login/ HTTP/1.1\r\n{_FORM}Transfer-Encoding: chunked\r\n\r\n")  # fmt: skip
    sent = 0
    with contextlib.suppress(OSError):
        while sent < 300_000_000:
            chunked.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
            sent += 0x10000
    chunked.close()
    fields = "&".join(f"field{number}=1" for number in range(1_001))
    many = _asked(served.port, "POST", "/accounts/login/", fields)[0].status
    grown = (_memory(served) - before) / 1000
    record_property("got", f"413 for 300 MB, cut after {sent / 1e6:.0f} MB chunked, {many} for 1,001 fields, {grown:.0f} MB more memory")  # fmt: skip
    assert sent < 100_000_000
    assert many == 400
    assert grown < 50


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    database = sqlite3.connect(folder / "heed.sqlite3", isolation_level=None, timeout=30)
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        database.execute("ROLLBACK")
        database.close()


@pytest.mark.check(36)
@pytest.mark.skipif(_ON_POSTGRES, reason="a lock that all writers wait for is SQLite's")
def test_while_the_database_is_locked_readers_read_and_a_form_is_kept(served: Served, signed_in: Visitor) -> None:  # fmt: skip
    signed_in.get("/posts/new/")
    cookies = "; ".join(f"{name}={value}" for name, value in signed_in.cookies.items())
    token = signed_in.cookies["heed_csrf"]
    body = f"csrfmiddlewaretoken={token}&board=suggestions&kind=SUGGESTION&title=Written+in+a+lock&body=Kept"
    with _locked(served.folder):
        answer, page = _asked(served.port, "POST", "/posts/new/", body, cookies)
        read = _asked(served.port, "GET", "/")[0].status
    assert (answer.status, answer.getheader("Retry-After")) == (503, "5")
    assert "Written in a lock" in page
    assert read == 200
    assert _asked(served.port, "POST", "/posts/new/", body, cookies)[0].status == 302


@pytest.mark.check(36)
@pytest.mark.skipif(not _ON_POSTGRES, reason="a file does not go away")
def test_while_the_database_is_away_people_are_told_when_to_come_back(served: Served, record_property: Callable[..., None]) -> None:  # fmt: skip
    served.until_up()
    assert _asked(served.port, "GET", "/")[0].status == 200
    rows(f"ALTER DATABASE {SITE} WITH ALLOW_CONNECTIONS false")
    rows(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{SITE}'")
    answers = {path: _asked(served.port, "GET", path)[0] for path in ("/", "/livez", "/readyz")}
    rows(f"ALTER DATABASE {SITE} WITH ALLOW_CONNECTIONS true")
    statuses = [answer.status for answer in answers.values()]
    record_property("got", f"/ {statuses[0]}, /livez {statuses[1]}, /readyz {statuses[2]}")
    assert statuses == [503, 200, 503]
    assert answers["/"].getheader("Retry-After") == "5"
    again = threading.Event()
    for _ in range(40):
        if _asked(served.port, "GET", "/")[0].status == 200:
            break
        again.wait(0.5)
    assert _asked(served.port, "GET", "/")[0].status == 200
    assert served.process.poll() is None
