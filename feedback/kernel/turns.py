"""Long work in many short transactions, so that nobody waits for it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

#: Seconds that others have at the least, and at the most, before the work goes on.
SHORTEST_REST, LONGEST_REST = 0.03, 0.5


@contextmanager
def turn() -> Iterator[None]:
    """One transaction of many; after it others have as long as it took.

    Whoever waits for SQLite's one writer looks every few milliseconds whether it is free and has no place in a queue: work
    that began its next transaction at once would be found busy again and again, until the others give up.
    """
    is_within = transaction.get_connection().in_atomic_block
    with transaction.atomic():
        began = time.monotonic()
        yield
    if connection.vendor == "sqlite" and not is_within:
        time.sleep(min(LONGEST_REST, max(SHORTEST_REST, time.monotonic() - began)))
