"""How much of a request is let in, and how long each part of an exchange may take."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

#: Where files of an import come in, and where the mail provider tells of mails, which shows itself in its own way.
_IMPORTS = "/desk/import/"
_HOOKS = "/hooks/"


@dataclass(frozen=True)
class Bounds:
    """Seconds and bytes of one process.

    A body has ``body_seconds`` and then one more for every ``body_rate`` bytes that came. A request waits ``turn_seconds`` for a
    thread, and a reader takes each part of an answer within ``send_seconds``. ``room`` is what all bodies on their way may have together.
    Of a body that is refused, ``rest`` bytes are taken and forgotten in ``rest_seconds``, so that whoever sends it can read why.
    """

    threads: int
    room: int
    body_seconds: float = 15.0
    body_rate: float = 8_000.0
    turn_seconds: float = 15.0
    send_seconds: float = 30.0
    rest: int = 64_000_000
    rest_seconds: float = 10.0


def of_settings() -> Bounds:
    """Return the bounds of this installation."""
    largest = max(settings.IMPORT_BYTES, 2 * settings.UPLOAD_BYTES)
    return Bounds(threads=settings.WEB_THREADS, room=4 * largest)


def most_bytes(path: str, headers: Mapping[str, str]) -> int:
    """Return how many bytes the body of a request to ``path`` may have.

    Who has signed in may send a little too much: the page then says so beside the file, with the words still there.
    """
    if path.startswith(_HOOKS):
        return int(settings.UPLOAD_BYTES)
    if f"{settings.SESSION_COOKIE_NAME}=" not in headers.get("cookie", ""):
        return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    if path.startswith(_IMPORTS):
        return int(max(settings.IMPORT_BYTES + 1_000_000, 2 * settings.UPLOAD_BYTES))
    return int(2 * settings.UPLOAD_BYTES)


#: How a request's bound is found.
Most = Callable[[str, Mapping[str, str]], int]
#: What a server and an application tell each other.
Message = dict[str, Any]
