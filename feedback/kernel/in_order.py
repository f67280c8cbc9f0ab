"""What each room provides to one below it that may not import it, asked from the lowest room to the highest."""

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class OfARoom(Protocol):
    """What a room provides; it says whose it is."""

    @property
    def room(self) -> str: ...


Provided = TypeVar("Provided", bound=OfARoom)


class InOrder(Generic[Provided]):
    """What rooms provided, in their order."""

    def __init__(self) -> None:
        self._provided: dict[int, Provided] = {}

    def provide(self, order: int, one: Provided) -> None:
        """Have ``one`` asked after those of a lower ``order``. Call it in ``AppConfig.ready``.

        Raises `ValueError` when another room has that order.
        """
        if self._provided.get(order, one).room != one.room:
            raise ValueError(f"{order} is taken by {self._provided[order].room!r}.")
        self._provided[order] = one

    def __iter__(self) -> Iterator[Provided]:
        """Yield what was provided, that of the lowest order first."""
        for _, one in sorted(self._provided.items()):
            yield one
