"""Many ids, a few at a time: a query has room for so many variables, on SQLite for 32,766 at the least."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

SIZE = 500
Id = TypeVar("Id", int, str)


def batches(ids: Iterable[Id], size: int = SIZE) -> Iterator[list[Id]]:
    """Yield ``ids``, each once and in order, ``size`` at a time."""
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), size):
        yield wanted[start : start + size]
