"""One address may have so many connections open: those beyond that are ended, the quietest first."""

import select
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from feedback.ops.web.peers import end_the_quietest, whose


class Listening:
    """Takes connections from several addresses, as a server does."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        self.port: int = self._listening.getsockname()[1]

    def connect(self, source: str, count: int) -> list[socket.socket]:
        """Return the other ends of ``count`` connections from ``source``."""
        others = []
        for _ in range(count):
            others.append(socket.create_connection(("127.0.0.1", self.port), 10, (source, 0)))
            self._stack.enter_context(others[-1])
            self._stack.enter_context(self._listening.accept()[0])
        return others


@pytest.fixture
def listening() -> Iterator[Listening]:
    with ExitStack() as stack:
        yield Listening(stack)


def are_ended(connections: list[socket.socket]) -> list[bool]:
    readable, _, _ = select.select(connections, [], [], 0)
    return [one in readable and one.recv(1) == b"" for one in connections]


def test_whoever_has_too_many_loses_the_quietest_and_nobody_else_any(listening: Listening) -> None:
    many = listening.connect("127.0.0.2", 10)
    few = listening.connect("127.0.0.3", 4)
    time.sleep(0.05)  # the kernel tells quiet in milliseconds
    for one in many[3:7]:
        one.sendall(b"GET / HTTP/1.1")
    assert end_the_quietest(listening.port, most=4) == 6
    assert are_ended(many) == [True] * 3 + [False] * 4 + [True] * 3
    assert are_ended(few) == [False] * 4


def test_connections_to_other_ports_are_nobodys_business(listening: Listening) -> None:
    many = listening.connect("127.0.0.2", 10)
    assert end_the_quietest(listening.port + 1, most=4) == 0
    assert are_ended(many) == [False] * 10


@pytest.mark.parametrize(
    ("host", "peer"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
    ],
)
def test_of_ipv6_one_household_is_one_peer(host: str, peer: str) -> None:
    assert whose(host) == peer
