"""What must hold before Heed starts: an address, a folder, room on the disk.

The standard library alone, because the installer asks these questions before any package is there.
"""

import errno
import os
import shutil
import socket
from pathlib import Path


class CannotStart(Exception):
    """Something outside Heed is in the way; the message is one sentence for the person at the keyboard."""


def check_address(host: str, port: str) -> None:
    """Raise unless a server can listen at ``host`` and ``port``."""
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise CannotStart(f"PORT={port} is not a port; take a number from 1 to 65535.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except (socket.gaierror, UnicodeError):
            raise CannotStart(f"HOST={host} is not an address of this machine.") from None
        except OSError as error:
            raise CannotStart(_why_no_address(error, host, port)) from None


def _why_no_address(error: OSError, host: str, port: str) -> str:
    if error.errno == errno.EADDRINUSE:
        other = int(port) + 1 if int(port) < 65535 else 8000
        return (
            f"port {port} is taken by another program; stop that one, or choose another port: "
            f"make serve PORT={other}"
        )
    if error.errno == errno.EACCES:
        return f"port {port} needs an administrator's rights; take one above 1023: make serve PORT=8000"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"HOST={host} is not an address of this machine."
    return f"it cannot listen at {host}, port {port}: {error.strerror}."


def free_port() -> int:
    """Return a port of this machine that is free, another one for each site that is started meanwhile."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind(("127.0.0.1", 0))
        except OSError:
            raise CannotStart("this machine has no free port.") from None
        return int(probe.getsockname()[1])


def check_data_folder(folder: Path, *, megabytes: int = 0) -> None:
    """Make ``folder``; raise unless it can be written to and has ``megabytes`` of room."""
    probe = folder / f".write-test-{os.getpid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe.write_bytes(b"x" * 4096)
        probe.unlink()
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise CannotStart(f"the disk under {folder} is full.") from None
        raise CannotStart(
            f"the data folder {folder} cannot be written to ({(error.strerror or str(error)).lower()}); "
            "give this user the right to it, or name another one with HEED_DATA_DIR."
        ) from None
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < megabytes:
        raise CannotStart(
            f"the disk under {folder} is nearly full: {free} MB left, and Heed wants {megabytes} MB."
        )
