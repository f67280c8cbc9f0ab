"""How far a role reaches that somebody has on some products or boards. The room that knows those says it."""

from collections.abc import Callable, Sequence

from feedback.accounts.models import PartRole, User

Covers = Callable[[User, PartRole, Sequence[object]], bool]

_covers: list[Covers] = []


def provide(covers: Covers) -> None:
    """Have ``covers(person, role, things)`` say whether ``person`` has ``role`` on all of ``things``. Call it in ``AppConfig.ready``.

    Raises `ValueError` where another room says so already.
    """
    if _covers and _covers[0] is not covers:
        raise ValueError(f"{_covers[0]!r} says already how far a role reaches.")
    _covers[:] = [covers]


def reaches(person: object, role: PartRole, things: Sequence[object]) -> bool:
    """Whether ``person`` has ``role`` on all of ``things``; on none where no room says so."""
    if not isinstance(person, User) or not person.is_part_moderator or not _covers:
        return False
    return _covers[0](person, role, things)
