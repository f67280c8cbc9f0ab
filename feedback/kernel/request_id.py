"""What one request, or one job, is called in the log of every process that has to do with it."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

HEADER = "X-Request-ID"
_SHAPE = re.compile(r"[A-Za-z0-9_-]{8,64}")
_present: ContextVar[str] = ContextVar("request_id", default="")


def present() -> str:
    """Return the id of what is done here and now, "" where nobody gave it one."""
    return _present.get()


def chosen(said: str, *, is_believed: bool) -> str:
    """Return the id that somebody who ``is_believed`` has ``said``, where it is one, else a fresh one."""
    return said if is_believed and _SHAPE.fullmatch(said) else secrets.token_hex(8)


@contextmanager
def known_as(name: str) -> Iterator[None]:
    """Call what is done in the block by ``name``."""
    before = _present.set(name)
    try:
        yield
    finally:
        _present.reset(before)
