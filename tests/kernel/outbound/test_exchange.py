"""Requests to a real server, down, slow, dripping, endless, breaking off, leading elsewhere; and to names that change."""

import socket
import ssl
from pathlib import Path
from typing import Any

import pytest

from feedback.kernel.outbound import Answer, NotAllowed, Unanswered, Why, exchange, post, targets
from feedback.kernel.outbound.exchange import ANSWER_BYTES
from tests.receiver import Receiver, Receivers, breaks_off, closes, says

CERTIFICATE = Path(__file__).with_name("localhost.pem")


def send(url: str, seconds: float = 5) -> Answer:
    return post(
        url, body=b'{"a": 1}', headers={"Content-Type": "application/json"}, seconds=seconds
    )


def why(url: str, seconds: float = 5) -> Why:
    with pytest.raises(Unanswered) as failed:
        send(url, seconds)
    return failed.value.why


def resolves(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Have the resolver give these addresses, each list once; return what it was asked for."""
    left, asked = list(answers), []

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in left.pop(0)]

    monkeypatch.setattr(targets.socket, "getaddrinfo", getaddrinfo)
    return asked


def test_an_answer_whatever_its_status(receiver: Receiver) -> None:
    receiver.answers(says(200, b"yes", X_Thing="1"), says(503, b"no", Retry_After="7"))
    answer = send(f"{receiver.url}?a=b#c")
    assert (answer.status, answer.body, answer.headers["x-thing"]) == (200, b"yes", "1")
    answer = send(receiver.url)
    assert (answer.status, answer.headers["retry-after"]) == (503, "7")
    first = receiver.got[0]
    assert (first.path, first.json()) == ("/hook?a=b", {"a": 1})
    assert first.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert first.headers["user-agent"] == "Heed"
    assert "cookie" not in first.headers


def test_a_server_that_is_down(receiver: Receiver) -> None:
    receiver.close()
    assert why(receiver.url) == Why.NO_CONNECTION


@pytest.mark.parametrize("part", ["head", "status", "nothing"])
def test_a_server_that_is_slow_or_drips_holds_nobody(receiver: Receiver, part: str) -> None:
    receiver.answers(
        {
            "head": receiver.drips(),
            "status": receiver.drips(b""),
            "nothing": receiver.waits,
        }[part]
    )
    assert why(receiver.url, seconds=0.3) == Why.SLOW


def test_a_body_that_drips_holds_nobody(receiver: Receiver) -> None:
    receiver.answers(receiver.drips(b"HTTP/1.1 200 OK\r\n\r\n"))
    assert why(receiver.url, seconds=0.3) == Why.SLOW


def test_a_body_without_end_is_cut(receiver: Receiver) -> None:
    receiver.answers(receiver.pours)
    assert len(send(receiver.url).body) == ANSWER_BYTES


@pytest.mark.parametrize(
    "then", [closes, breaks_off, lambda connection: connection.sendall(b"SSH-2.0-x\r\n")]
)
def test_a_server_that_breaks_off(receiver: Receiver, then: Any) -> None:
    receiver.answers(then)
    assert why(receiver.url) == Why.BROKEN


def test_a_redirect_is_an_answer_and_nobody_goes_there(
    receiver: Receiver, receivers: Receivers
) -> None:
    other = receivers()
    receiver.answers(says(302, Location=other.url))
    assert send(receiver.url).status == 302
    assert not other.got


def test_a_private_address_is_refused_before_anything_is_sent(
    receiver: Receiver, settings: Any
) -> None:
    settings.OUTBOUND_ALLOW = []
    with pytest.raises(NotAllowed):
        send(receiver.url)
    assert not receiver.got


def test_a_name_is_asked_for_once_and_its_first_answer_is_used(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolves(monkeypatch, ["127.0.0.1"])  # a second question would find nothing left
    assert send(f"http://hooks.example:{receiver.port}/").status == 204
    assert asked == ["hooks.example"]
    assert receiver.got[0].headers["host"] == f"hooks.example:{receiver.port}"


def test_a_name_that_leads_to_a_private_address_later_is_refused_then(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolves(monkeypatch, ["127.0.0.1"], ["10.0.0.1"], ["127.0.0.1", "10.0.0.1"])
    url = f"http://hooks.example:{receiver.port}/"
    assert send(url).status == 204
    for _ in range(2):
        with pytest.raises(NotAllowed):
            send(url)


def test_a_name_that_is_not_found(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(*_: Any, **__: Any) -> Any:
        raise socket.gaierror

    monkeypatch.setattr(targets.socket, "getaddrinfo", getaddrinfo)
    assert why("http://hooks.example/") == Why.NO_NAME
    with pytest.raises(NotAllowed, match="spelt"):
        targets.check("http://hooks.example/")


def test_the_environments_proxy_is_not_asked(
    receiver: Receiver, receivers: Receivers, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = receivers()
    monkeypatch.setenv("http_proxy", proxy.url)
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    assert send(receiver.url).status == 204
    assert not proxy.got


# --- TLS ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def encrypted(receivers: Receivers, settings: Any) -> tuple[Receiver, list[str]]:
    """A receiver that speaks TLS as "localhost", and the names it was asked for."""
    settings.OUTBOUND_ALLOW = ["127.0.0.0/8", "::1"]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    asked: list[str] = []
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    return receivers(lambda plain: context.wrap_socket(plain, server_side=True)), asked


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the receiver's certificate trusted."""
    context = ssl.create_default_context(cafile=CERTIFICATE)
    monkeypatch.setattr(exchange, "_trust", lambda: context)


def test_an_encrypted_exchange_names_its_host(encrypted: Any, trusted: None) -> None:
    receiver, asked = encrypted
    assert send(f"https://localhost:{receiver.port}/hook").status == 204
    assert asked == ["localhost"]
    assert receiver.got[0].headers["host"] == f"localhost:{receiver.port}"


def test_a_certificate_that_nobody_vouches_for(encrypted: Any) -> None:
    receiver, _ = encrypted
    assert why(f"https://localhost:{receiver.port}/") == Why.NO_TRUST
    assert not receiver.got


def test_a_certificate_for_another_host(
    encrypted: Any, trusted: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver, _ = encrypted
    resolves(monkeypatch, ["127.0.0.1"])
    assert why(f"https://hooks.example:{receiver.port}/") == Why.NO_TRUST
    assert not receiver.got


def test_a_server_that_never_shakes_hands(settings: Any) -> None:
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        assert why(f"https://127.0.0.1:{port}/", seconds=0.3) == Why.SLOW
