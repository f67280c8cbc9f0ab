"""What is to be known of a kind of token."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.test import Client

#: What the doors stand in: people, one of everything, settings and clients, as `test_tokens` has them.
World = Any
Door = Callable[[World, str], Any]


@dataclass(frozen=True)
class Kind:
    """A kind of token. A ``door`` is shown one and returns its answer; ``opened`` and ``refused`` are what that is in words.

    ``refused`` is what may be answered to another, words apart by a space. ``lasts`` is None for what is good ``until`` something else;
    before that it is taken back in each of the ways of ``ended``. ``another`` shows it as or for somebody or something that it is not
    for. ``travels`` says where it stands: in an address, a form, a header, a cookie or a mail.
    """

    name: str
    opens: str
    travels: str
    make: Callable[[World], str]
    door: Door
    opened: str = "200"
    refused: str = "404"
    lasts: dt.timedelta | None = None
    until: str = ""
    is_once: bool = False
    ended: tuple[tuple[str, Callable[[World], object]], ...] = ()
    another: Door | None = None

    @property
    def row(self) -> str:
        """The line of the table in THREAT_MODEL.md."""
        ends = "; ".join([*(why for why, _end in self.ended), *(["used"] if self.is_once else [])])
        lasts = f"until {self.until}" if self.lasts is None else _in_words(self.lasts)
        return f"| {self.name} | {self.opens} | {self.travels} | {lasts} | {ends or '-'} |"


def _in_words(span: dt.timedelta) -> str:
    seconds = int(span.total_seconds())
    for unit, name in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds % unit == 0 and seconds >= unit:
            number = seconds // unit
            return f"{number} {name}{'s' if number > 1 else ''}"
    raise ValueError(span)


def said(answer: Any) -> str:
    """Return in a word what a door answered."""
    return answer if isinstance(answer, str) else str(answer.status_code)


def address(before: str, after: str = "/", *, by: str = "get", as_: str = "") -> Door:
    """Return the door at an address with the token in it, for a visitor or for ``as_``."""

    def door(w: World, token: str) -> Any:
        client = w.client_of(getattr(w, as_)) if as_ else Client()
        return getattr(client, by)(where(w, token))

    def where(w: World, token: str) -> str:
        return f"{before.format(w=w)}{quote(token, safe=':~')}{after.format(w=w)}"

    door.page = lambda w, token: Client().get(where(w, token))  # type: ignore[attr-defined]
    return door


def field(where: str, name: str, *, as_: str = "", **more: str) -> Door:
    """Return the door that is a form with a field for the token."""

    def door(w: World, token: str) -> Any:
        client = w.client_of(getattr(w, as_)) if as_ else Client()
        return client.post(where.format(w=w), {name: token} | more)

    return door


def gone(who: str) -> tuple[str, Callable[[World], object]]:
    """Return that the account of ``who`` is closed."""
    return "account closed", lambda w: changed(w, who, is_active=False)


def suspended(who: str) -> tuple[str, Callable[[World], object]]:
    """Return that ``who`` is suspended."""
    return "account suspended", lambda w: changed(
        w, who, suspended_until=w.now() + dt.timedelta(days=400)
    )


def changed(w: World, who: str, **fields: object) -> object:
    """Change the row of a person."""
    person = getattr(w, who)
    return type(person).objects.filter(pk=person.pk).update(**fields)
