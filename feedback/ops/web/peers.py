"""How many connections one address may have open: beyond that the quietest are ended, every second.

The server tells an application of requests and not of connections, so these are found among the files of the process. Linux says how
long each was quiet; on other systems there is no bound.
"""

import os
import socket
import struct
import threading
import time
from collections import defaultdict
from contextlib import suppress
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path

#: An address may have a twentieth of the connections that a process keeps open.
SHARE = 20
_PAUSE = 1.0
_FILES = Path("/proc/self/fd")
#: Where the kernel's `struct tcp_info` has the milliseconds since data was last sent, and last received.
_SENT, _RECEIVED, _SIZE = 44, 52, 60


def bound(port: int, *, most: int) -> None:
    """From now on end what an address has beyond ``most`` connections to ``port`` of this process."""
    if _FILES.is_dir():
        threading.Thread(target=_watch, args=(port, most), name="peers", daemon=True).start()


def _watch(port: int, most: int) -> None:
    while True:
        time.sleep(_PAUSE)
        end_the_quietest(port, most=most)


def end_the_quietest(port: int, *, most: int) -> int:
    """End the connections to ``port`` that an address has beyond ``most``, the quietest first; return how many."""
    open_files = list(_FILES.iterdir())
    if len(open_files) <= most:
        return 0
    by_peer: dict[str, list[tuple[int, int, object]]] = defaultdict(list)
    for file in (int(one.name) for one in open_files):
        with suppress(OSError), _at(file) as connection:
            if _is_to(port, connection):
                where = connection.getpeername()
                by_peer[whose(where[0])].append((_quiet(connection), file, where))
    ended = 0
    for theirs in by_peer.values():
        theirs.sort(key=lambda one: one[0], reverse=True)
        for _, file, where in theirs[: max(0, len(theirs) - most)]:
            # By now another connection may have the number.
            with suppress(OSError), _at(file) as connection:
                if connection.getpeername() == where:
                    connection.shutdown(socket.SHUT_RDWR)
                    ended += 1
    return ended


def _at(file: int) -> socket.socket:
    """Return the socket at ``file``, which stays open when this one is closed. Raises `OSError` where it is none."""
    own = os.dup(file)
    try:
        return socket.socket(fileno=own)
    except OSError:
        os.close(own)
        raise


def _is_to(port: int, connection: socket.socket) -> bool:
    return (
        connection.family in (socket.AF_INET, socket.AF_INET6)
        and connection.getsockname()[1] == port
    )


def _quiet(connection: socket.socket) -> int:
    """Return for how many milliseconds nothing was sent or received."""
    about = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _SIZE)
    return min(int(struct.unpack_from("I", about, at)[0]) for at in (_SENT, _RECEIVED))


def whose(host: str) -> str:
    """Return whose connection it is: an address, of IPv6 the /64 that one household has."""
    address = ip_address(host.partition("%")[0])
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((address, 64), strict=False).network_address)
