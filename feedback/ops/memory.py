"""Memory that a job leaves behind."""

import contextlib
import ctypes
import gc
import os
import sys
from pathlib import Path

#: Bytes by which a process has to have grown before it is worth the looking: that takes a twentieth of a second.
GROWN = 32 * 1024 * 1024

#: Resident bytes after memory was last given back.
_left = 0


def give_back() -> None:
    """Return what is free to the system where a job left much of it. The C library keeps it otherwise, for ever and for nothing."""
    global _left
    if 0 < _resident() < _left + GROWN:
        return
    gc.collect()
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
    _left = _resident()


def _resident() -> int:
    """Return the resident bytes of this process, 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
