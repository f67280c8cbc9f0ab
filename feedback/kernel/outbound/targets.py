"""What a typed address means, and whether a request may go there."""

import re
import socket
import threading
import time
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from feedback.kernel.outbound.addresses import Address, as_network, is_public
from feedback.kernel.refusals import Refusal

PORTS = {"http": 80, "https": 443}
#: Below it are ports of services that speak no HTTP.
FREE_PORTS = 1024
#: Seconds for finding a host's addresses when an address is saved.
SECONDS_TO_FIND = 5.0
_HOST = re.compile(r"(?=.{1,253}$)(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
#: What ends like this is a number to whoever asks for its address, however it is spelt: 0x7f.1, 2130706433.
_NUMBER = re.compile(r"(.*\.)?(0x[0-9a-f]*|\d+)")
#: What no address has in it, and what programs read in different ways.
_STRANGE = re.compile(r"[\x00-\x20\x7f\\]")
_IN_A_PATH = "/?&=%:;,+~!$'()*@-._[]"


class NotAllowed(Refusal):
    """No request may go to an address; the sentence says why, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, status=422)


class NotFound(NotAllowed):
    """A host has no address now."""


@dataclass(frozen=True)
class Target:
    """Where a request goes. ``host`` is a name in ASCII or an address; ``path`` has the query in it."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def literal(self) -> Address | None:
        """The address that stands in place of a name."""
        try:
            return ip_address(self.host)
        except ValueError:
            return None


def target_of(url: str) -> Target:
    """Return what ``url`` means. Raises `NotAllowed` for what is none, or might be read in two ways."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _no_address() from None
    is_future = "[" in parts.netloc and ":" not in host  # brackets around what is no IPv6
    if parts.scheme not in PORTS or not host or _STRANGE.search(url) or is_future:
        raise _no_address()
    if "@" in parts.netloc:
        raise NotAllowed(
            _("Leave out what stands before the @: no name and password in an address.")
        )
    port = PORTS[parts.scheme] if port is None else port
    if port not in PORTS.values() and port < FREE_PORTS:
        raise NotAllowed(
            _("Nothing of the web listens at port %(port)s. Use 80, 443, or one from 1024 up.")
            % {"port": port}
        )
    path = quote(parts.path or "/", safe=_IN_A_PATH)
    query = f"?{quote(parts.query, safe=_IN_A_PATH)}" if parts.query else ""
    return Target(parts.scheme, _host(host), port, path + query)


def _host(host: str) -> str:
    """Return ``host`` as it is asked for: a name in ASCII, or an address in its one spelling."""
    try:
        if ":" in host and "%" not in host:
            return str(ip_address(host))
        name = host.rstrip(".").encode("idna").decode("ascii").lower()
        if _NUMBER.fullmatch(name):
            return str(ip_address(name))
    except ValueError:
        raise _no_address() from None
    if not _HOST.fullmatch(name):
        raise _no_address()
    return name


def _no_address() -> NotAllowed:
    return NotAllowed(
        _(
            "It must be an address such as https://hooks.example.org/heed, with nothing strange in it."
        )
    )


def check(url: str) -> None:
    """Raise `NotAllowed` unless a request to ``url`` may be sent, as things are now."""
    target = target_of(url)
    reachable(target, until=time.monotonic() + SECONDS_TO_FIND)


def reachable(target: Target, *, until: float) -> list[Address]:
    """Return the addresses of ``target`` that may be connected to, in order. Raises `NotAllowed` and `NotFound`.

    One private address among them is enough to refuse all: a name that has both is a trap. ``until`` is a time of
    the monotonic clock.
    """
    literal = target.literal
    found = [literal] if literal is not None else _found(target, until=until)
    if not found:
        raise NotFound(
            _("“%(host)s” cannot be found. Look at how it is spelt.") % {"host": target.host}
        )
    if not all(is_public(address) or is_allowed(target.host, address) for address in found):
        raise NotAllowed(
            _(
                "“%(host)s” leads to a private address, and nothing is sent there. "
                "Whoever runs this site can allow it with HEED_OUTBOUND_ALLOW."
            )
            % {"host": target.host}
        )
    return found


def is_allowed(host: str, address: Address) -> bool:
    """Whether HEED_OUTBOUND_ALLOW names the host, the address, or a network that it is in."""
    for allowed in settings.OUTBOUND_ALLOW:
        network = as_network(allowed)
        if network is None:
            if host == allowed:
                return True
        elif address.version == network.version and address in network:
            return True
    return False


def _found(target: Target, *, until: float) -> list[Address]:
    """Return the addresses of a name. The system's resolver knows no time limit, so a thread waits for it."""
    found: list[Address] = []

    def find() -> None:
        try:
            answers = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        # A scope ("%eth0") stays with its address, which is public then by no rule.
        found.extend(dict.fromkeys(ip_address(str(answer[4][0])) for answer in answers))

    thread = threading.Thread(target=find, name="find-host", daemon=True)
    thread.start()
    thread.join(max(0.0, until - time.monotonic()))
    return [] if thread.is_alive() else found
