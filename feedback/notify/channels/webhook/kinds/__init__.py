"""How each kind of endpoint wants to be told, and what its answers mean: one file a kind."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from enum import Enum
from functools import cache
from importlib import import_module
from typing import Any

from feedback.kernel.outbound import Answer
from feedback.notify.happenings import Happening
from feedback.notify.models import Endpoint

#: However long an endpoint wants to be left alone, it is asked again after this.
LONGEST_REST = dt.timedelta(hours=1)


class Said(Enum):
    """What an answer means."""

    TAKEN = "TAKEN"
    REFUSED = "REFUSED"
    TOO_MANY = "TOO_MANY"


@dataclass(frozen=True)
class Letter:
    """One message for one endpoint: what it is known by, what it is of, and what happened."""

    id: str
    name: str
    at: dt.datetime
    happening: Happening


@dataclass(frozen=True)
class Request:
    """What is posted, and where."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """One kind of endpoint.

    - ``write(endpoint, letter, now)``: the request.
    - ``says(answer)``: what an answer with a status of success means; many rooms refuse with one.
    - ``pace``: the least time between two messages, which keeps the limit of the kind.
    - ``rest``: how long to leave it alone when it had too many and does not say.
    - ``has_secret``: whether a person may hand over a secret to sign with.
    """

    write: Callable[[Endpoint, Letter, dt.datetime], Request]
    says: Callable[[Answer], Said] = lambda answer: Said.TAKEN
    pace: dt.timedelta = dt.timedelta(0)
    rest: dt.timedelta = dt.timedelta(minutes=1)
    has_secret: bool = False


@cache
def of(kind: str) -> Kind:
    """Return the kind of endpoints called ``kind``."""
    found: Kind = import_module(f"{__name__}.{kind.lower()}").KIND
    return found


def as_json(url: str, content: Any, **headers: str) -> Request:
    """Return a request with ``content`` as JSON; ``webhook_id`` becomes the header "webhook-id"."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Request(url, body, {"Content-Type": "application/json; charset=utf-8", **names})


def object_in(answer: Answer) -> dict[str, Any]:
    """Return the JSON object that ``answer`` holds; an empty one where it holds none."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):  # it is none, or a well of brackets
        return {}
    return found if isinstance(found, dict) else {}


def by_code(*names: str, too_many: frozenset[int]) -> Callable[[Answer], Said]:
    """Return what reads answers that say by a number in their JSON whether the message was taken: 0 is yes."""

    def says(answer: Answer) -> Said:
        found = object_in(answer)
        codes = [found[name] for name in names if name in found]
        if codes and all(code == 0 for code in codes):
            return Said.TAKEN
        return Said.TOO_MANY if too_many.intersection(filter(_is_number, codes)) else Said.REFUSED

    return says


def _is_number(value: Any) -> bool:
    return isinstance(value, int)


def rest_of(answer: Answer, *, otherwise: dt.timedelta, now: dt.datetime) -> dt.timedelta:
    """Return how long ``answer`` wants to be left alone (Retry-After, in seconds or until a date)."""
    said = answer.headers.get("retry-after", "").strip()
    try:
        rest = dt.timedelta(seconds=float(said))
    except (ValueError, OverflowError):
        try:
            rest = parsedate_to_datetime(said) - now
        except (ValueError, TypeError, OverflowError):
            rest = otherwise
    return min(max(rest, dt.timedelta(seconds=1)), LONGEST_REST)


def unmentioned(words: str) -> str:
    """Return ``words`` in which an @ calls nobody: what follows is parted from it by a joiner that does not show."""
    return words.replace("@", "@\u2060")
