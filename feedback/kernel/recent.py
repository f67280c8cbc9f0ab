"""What was made lately and will be wanted again, bounded by how much memory it takes and not by how many things it is."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Keeps for this process what was asked for last, as long as all of it together is at most ``most`` in size."""

    def __init__(self, *, most: int, size: Callable[[K, V], int]) -> None:
        self._most, self._size = most, size
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()
        self.taken = 0

    def get(self, key: K, make: Callable[[], V]) -> V:
        """Return what is kept under ``key``, else what ``make`` returns, and keep that. Two threads may both make it."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self.taken += self._size(key, made)
            while self.taken > self._most:
                self.taken -= self._size(*self._kept.popitem(last=False))
        return made

    def forget(self) -> None:
        """Keep nothing of it."""
        with self._lock:
            self._kept.clear()
            self.taken = 0
