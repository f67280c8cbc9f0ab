"""A site behind nginx and behind Caddy as they are shipped: who asks, how much, how slowly, and while the site is away."""

import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from tests.loopback.fronts import NAME, Browser, Front, Site
from tests.loopback.machines import PASSWORD
from tests.loopback.test_serve import rows
from tests.processes import on_sqlite

pytestmark = [on_sqlite, pytest.mark.loopback, pytest.mark.timeout(400)]

#: Posts that one address may write in ten minutes without an account.
DRAFTS = 10
_HEAD = f"Host: {NAME}\r\n"
_FORM = (
    f"POST /accounts/login/ HTTP/1.1\r\n{_HEAD}Content-Type: application/x-www-form-urlencoded\r\n"
)
#: Addresses that a proxy might take for others, and Heed for those of the operator or of a file.
TRICKS = (
    "//admin/", "/./admin/", "/static/../admin/", "/static/%2e%2e/admin/", "/static/..%2fadmin/", "/..;/admin/", "/admin;/",
    "/static/..;/admin/", "/%2e%2e/%2e%2e/etc/passwd", "/static/..%5c..%5cheed.sqlite3", "/static/%2e%2e/%2e%2e/heed.sqlite3",
    "/media/", "/..%00/", "//evil.example/", "//evil.example/%2e%2e", "/%5cevil.example/",
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that serves."""
    site = Site(tmp_path_factory.mktemp("fronts") / "data")
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def front(
    request: pytest.FixtureRequest, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    """What stands before the site."""
    if not shutil.which(request.param):
        pytest.skip(f"{request.param} is not installed on this machine")
    front = Front(request.param, tmp_path_factory.mktemp(request.param), site.port)
    yield front
    front.close()


def is_ended(connection: socket.socket) -> bool:
    """Whether the other side ends it, or tells why, in half a minute."""
    connection.settimeout(30)
    try:
        connection.recv(1000)
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    finally:
        connection.close()
    return True


def post(browser: Browser, title: str, body: str = "") -> int:
    """Return the status of posting; a visitor's words are kept and wait for the sign-in."""
    return browser.send("/posts/new/", board="suggestions", kind="SUGGESTION", title=title, body=body)[0]  # fmt: skip


def go_on_sending(connection: socket.socket) -> None:
    """Send as browsers do, who read what is answered only when all is sent, or no more is taken."""
    with suppress(OSError):
        while True:
            connection.sendall(b"x" * 65_536)


@pytest.mark.check(26)
def test_an_address_is_what_the_proxy_saw_and_not_what_a_browser_writes(front: Front) -> None:
    sources = {"nginx": ("127.0.0.21", "127.0.0.22"), "caddy": ("127.0.0.31", "127.0.0.32")}
    first, second = (Browser(front, source) for source in sources[front.kind])
    for browser in (first, second):
        assert browser.get("/posts/new/")[0] == 200
    came = []
    for number in range(2 * DRAFTS + 1):  # ten minutes may end in between
        first.said = dict.fromkeys(
            ("X-Forwarded-For", "X_Forwarded_For", "X-Real-IP", "Forwarded"), f"203.0.113.{number}"
        )
        came.append(post(first, f"Wish {number} for larger letters"))
    assert (came[0], came[-1]) == (302, 429)
    assert post(second, "A wish of somebody else for larger letters") == 302


def test_scheme_and_host_are_those_of_the_site(front: Front, site: Site) -> None:
    forged = {"X_Forwarded_Proto": "http", "X_Forwarded_Host": "evil.example", "Forwarded": "host=evil.example;proto=http"}  # fmt: skip
    page = front.ask("/accounts/login/", X_Request_ID="forged", **forged)
    assert page.status == 200
    assert "max-age" in page.headers["Strict-Transport-Security"]
    assert re.match(r"__Host-heed_csrf=.*; Secure", page.headers["Set-Cookie"])
    assert page.headers["X-Request-ID"] not in ("", "forged")
    led = front.ask_in_the_clear("/posts/?a=b")
    assert led.status in (301, 308)
    assert led.headers["Location"] == f"https://{NAME}/posts/?a=b"
    asked = Browser(front)
    asked.said = {name.replace("_", "-"): value for name, value in forged.items()}
    asked.get("/accounts/password/reset/")
    assert asked.send("/accounts/password/reset/", email="ann@example.org")[0] == 302
    assert f"https://{NAME}/accounts/password/reset/key/" in site.mails()
    assert "evil.example" not in site.mails()


@pytest.mark.check(21)
def test_too_large_a_body_is_refused_and_a_file_of_a_member_is_not(
    front: Front, site: Site
) -> None:
    said = front.open(said=f"{_FORM}Content-Length: 300000000\r\n\r\n")
    sender = threading.Thread(target=go_on_sending, args=(said,), daemon=True)
    sender.start()
    assert said.recv(1000).split(b"\r\n")[0].split()[1] == b"413"
    said.shutdown(socket.SHUT_RDWR)
    sender.join()
    said.close()
    visitor = front.ask("/accounts/login/", method="POST", body="x" * 3_000_000)
    assert visitor.status == 413
    assert "nothing was saved" in visitor.body.decode()
    ann = Browser(front)
    ann.sign_in("ann@example.org", PASSWORD)
    fields = {"csrfmiddlewaretoken": ann.cookies[ann.csrf], "board": "suggestions", "kind": "SUGGESTION", "title": "What it wrote down", "body": ""}  # fmt: skip
    parts = [f'--part\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]  # fmt: skip
    parts += [f'--part\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n{name * 250_000}\r\n' for name in ("1st.txt", "2nd.txt")]  # fmt: skip
    sent = front.ask("/posts/new/", method="POST", body="".join([*parts, "--part--\r\n"]), Content_Type="multipart/form-data; boundary=part", **ann.headers())  # fmt: skip
    assert sent.status == 302
    kept = rows(site.folder, "SELECT name, size FROM forum_attachment ORDER BY id DESC LIMIT 2")
    assert kept == [("2nd.txt", 7 * 250_000), ("1st.txt", 7 * 250_000)]


@pytest.mark.check(28)
def test_the_slow_and_the_silent_are_ended_and_stop_nobody(front: Front) -> None:
    slow = []
    for _ in range(30):
        slow += [
            front.open("127.0.0.40", f"GET / HTTP/1.1\r\n{_HEAD}"),
            front.open("127.0.0.40", f"{_FORM}Content-Length: 2000\r\n\r\na"),
        ]
    assert [front.ask("/").status for _ in range(12)] == [200] * 12
    assert all(is_ended(connection) for connection in slow)


def test_of_one_address_so_many_requests_may_be_under_way(front: Front) -> None:
    if front.kind != "nginx":
        pytest.skip("Caddy cannot bound that, and its configuration says so")
    slow = [front.open("127.0.0.50", f"{_FORM}Content-Length: 2000\r\n\r\na") for _ in range(100)]
    assert front.ask("/livez", source="127.0.0.50").status == 429
    assert front.ask("/livez", source="127.0.0.51").status == 200
    for connection in slow:
        connection.close()


def test_static_files_are_kept_by_browsers_and_asked_for_only_when_they_changed(
    front: Front,
) -> None:
    page = front.ask("/").body.decode()
    found = re.search(r'href="(/static/[^"]+\.css)"', page)
    assert found
    whole = front.ask(found.group(1))
    assert whole.status == 200
    assert "immutable" in whole.headers["Cache-Control"]
    head = front.ask(found.group(1), method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.body))
    since = whole.headers["Last-Modified"]
    assert front.ask(found.group(1), If_Modified_Since=since).status == 304
    packed = front.ask(found.group(1), Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    part = front.ask(found.group(1), Range="bytes=0-9")
    assert (part.status, part.body) == (206, whole.body[:10])


def test_pages_are_for_one_reader_and_what_is_made_bit_by_bit_is_whole(front: Front) -> None:
    ada = Browser(front)
    ada.sign_in("ada@example.org", PASSWORD)
    sheet = front.ask("/desk/asks/export.csv", Cookie=ada.headers()["Cookie"])
    assert sheet.status == 200
    assert sheet.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert sheet.body.endswith(b"\n")
    assert front.ask("/desk/asks/export.csv").status == 404
    assert front.ask("/", method="HEAD").status == 200


def test_no_spelling_of_an_address_leads_elsewhere(front: Front) -> None:
    for trick in TRICKS:
        answer = front.ask(trick)
        leads = answer.headers["Location"] or ""
        assert answer.status in (301, 302, 308, 400, 404), trick
        assert not re.match(r"//|/\\|https?:(?!//feedback\.example\.org/)", leads), (trick, leads)
        assert b"SQLite format" not in answer.body
        assert b"root:" not in answer.body


@pytest.mark.check(36)
def test_while_the_site_is_away_people_are_told_when_to_come_back(
    front: Front, site: Site, record_property: Callable[..., None]
) -> None:
    site.stop()
    try:
        away = [front.ask("/"), front.ask("/accounts/login/", method="POST", body="a=b")]
    finally:
        site.start()
    assert [answer.status for answer in away] == [503, 503]
    for answer in away:
        assert answer.headers["Retry-After"] == "5"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "This site cannot be reached right now." in answer.body.decode()
        assert "请过几秒再试" in answer.body.decode()
    assert front.ask("/").status == 200
    record_property("got", f"503 with Retry-After from {front.kind} while no web runs")
