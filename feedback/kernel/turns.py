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


class Share:
    """How much of a long work one transaction takes: as much as ends in ``seconds``, by how long the last one took.

    A fixed number takes longer the larger the tables are that it writes to, and others wait for all of it.
    """

    def __init__(self, *, least: int, most: int, seconds: float) -> None:
        self._least, self._most, self._seconds = least, most, seconds
        self.size = least

    @contextmanager
    def transaction(self, number: int) -> Iterator[None]:
        """One transaction that writes ``number`` of them; the next share is larger or smaller after it."""
        with transaction.atomic():
            began = time.monotonic()  # the writer's place is ours
            yield
        self._goes_on(number, time.monotonic() - began)

    def _goes_on(self, number: int, seconds: float) -> None:
        fits = int(number * self._seconds / max(seconds, 0.001))
        self.size = max(self._least, min(fits, 2 * self.size, self._most))
