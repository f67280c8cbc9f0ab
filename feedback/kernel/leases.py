"""Keeping a lease while something takes long."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def kept_alive(renew: Callable[[], object], *, seconds: float) -> Iterator[None]:
    """Call ``renew`` four times within each ``seconds`` from a thread, until the block ends."""
    done = threading.Event()

    def go_on() -> None:
        while not done.wait(seconds / 4):
            renew()
        connection.close()

    thread = threading.Thread(target=go_on, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(5)
