"""Many ids, a few at a time: a query has room for so many variables, on SQLite for 32,766 at the least."""

from collections.abc import Iterable, Iterator

SIZE = 500


def batches(ids: Iterable[int], size: int = SIZE) -> Iterator[list[int]]:
    """Yield ``ids``, each once and in order, ``size`` at a time."""
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), size):
        yield wanted[start : start + size]
