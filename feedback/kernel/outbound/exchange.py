"""One request and its answer, within a time and a size, over a connection to an address that was looked at.

The socket is connected to the very address that was found public: the name is not asked for a second time, when it
might lead elsewhere. Redirects are not followed; there are no cookies, and no proxies of the environment.
"""

import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection

from feedback.kernel.in_time import Link, left, speak_over
from feedback.kernel.outbound.addresses import Address
from feedback.kernel.outbound.targets import NotFound, Target, reachable, target_of

#: Seconds for connecting to one address, and for all of an exchange.
SECONDS_TO_CONNECT = 5.0
SECONDS = 15.0
#: Bytes of an answer that are read; the rest is left.
ANSWER_BYTES = 64_000
_CHUNK = 8_192
_OURS = {"Accept-Encoding": "identity", "Connection": "close", "User-Agent": "Heed"}


class Why(StrEnum):
    """Why there is no answer."""

    NO_NAME = "NO_NAME"
    NO_CONNECTION = "NO_CONNECTION"
    NO_TRUST = "NO_TRUST"
    SLOW = "SLOW"
    BROKEN = "BROKEN"


class Unanswered(Exception):
    """A request brought no answer. It may have arrived all the same. ``detail`` is what the system said."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}")
        self.why = why
        self.detail = detail


@dataclass(frozen=True)
class Answer:
    """What came back; header names in lower case, the body cut at `ANSWER_BYTES`."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def post(url: str, *, body: bytes, headers: Mapping[str, str], seconds: float = SECONDS) -> Answer:
    """Post ``body`` to ``url`` and return the answer, whatever its status.

    Raises `NotAllowed` where no request may go, and `Unanswered` where none comes back within ``seconds``: for
    finding the host, connecting, sending and reading together, however slowly the other side drips.
    """
    until = time.monotonic() + seconds
    target = target_of(url)
    try:
        with Link(_connected(target, until=until), until) as link:
            return _exchange(link, target, body, headers)
    except NotFound:
        raise Unanswered(Why.NO_NAME) from None
    except TimeoutError:
        raise Unanswered(Why.SLOW) from None
    except ssl.SSLError as error:
        raise Unanswered(Why.NO_TRUST, error.reason or str(error)) from error
    except (HTTPException, ConnectionError, ValueError) as error:
        raise Unanswered(Why.BROKEN, type(error).__name__) from error
    except OSError as error:
        raise Unanswered(Why.BROKEN, error.strerror or str(error)) from error


def _exchange(link: Link, target: Target, body: bytes, headers: Mapping[str, str]) -> Answer:
    connection = (
        HTTPSConnection(target.host, target.port, context=_trust())
        if target.scheme == "https"
        else HTTPConnection(target.host, target.port)
    )
    speak_over(connection, link)  # and never anew, to whatever the name says then
    connection.request("POST", target.path, body, {**_OURS, **headers})
    response = connection.getresponse()
    with response:
        arrived = _body(response)
    return Answer(
        response.status,
        {name.lower(): value for name, value in response.getheaders()},
        arrived,
    )


def _body(response: HTTPResponse) -> bytes:
    """Return the body, cut at `ANSWER_BYTES`. Raises `HTTPException` where less comes than was said."""
    arrived = b""
    while len(arrived) < ANSWER_BYTES:
        chunk = response.read(min(_CHUNK, ANSWER_BYTES - len(arrived)))
        if not chunk:
            if response.length:
                raise HTTPException("The answer ended early.")
            break
        arrived += chunk
    return arrived


def _connected(target: Target, *, until: float) -> socket.socket:
    """Return a socket to the first address of ``target`` that answers, encrypted where the address says so."""
    last: OSError | None = None
    for address in reachable(target, until=until):
        try:
            plain = _dialled(address, target.port, until=until)
        except OSError as error:
            last = error
            continue
        return _encrypted(plain, target, until=until) if target.scheme == "https" else plain
    if isinstance(last, TimeoutError):
        raise last
    raise Unanswered(Why.NO_CONNECTION, (last and last.strerror) or "")


def _dialled(address: Address, port: int, *, until: float) -> socket.socket:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    dialled = socket.socket(family, socket.SOCK_STREAM)
    try:
        dialled.settimeout(min(SECONDS_TO_CONNECT, left(until)))
        dialled.connect((str(address), port))
    except BaseException:
        dialled.close()
        raise
    return dialled


def _encrypted(plain: socket.socket, target: Target, *, until: float) -> socket.socket:
    """Shake hands, for the name that was typed and no other. Closes the socket where that fails."""
    try:
        plain.settimeout(left(until))
        return _trust().wrap_socket(plain, server_hostname=target.host)
    except BaseException:
        plain.close()
        raise


@cache
def _trust() -> ssl.SSLContext:
    """Return whom we trust: the authorities of the system. Reading them takes a while, so once."""
    return ssl.create_default_context()
