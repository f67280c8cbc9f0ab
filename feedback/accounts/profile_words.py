"""What people call themselves and say of themselves is judged as their posts are: by the room above that knows the rules."""

import datetime as dt
from collections.abc import Callable, Mapping

from feedback.accounts.models import User
from feedback.kernel.refusals import Refusal

#: Returns words by their field as they may stand; raises `Refusal` for what may not. The person is None before there is an account.
Judge = Callable[[User | None, Mapping[str, str], dt.datetime], Mapping[str, str]]
_judge: list[Judge] = []


def provide(judge: Judge) -> None:
    """Have the room that knows the rules judge names and profiles. Call it in ``AppConfig.ready``."""
    _judge[:] = [judge]


def judged(person: User | None, said: Mapping[str, str], *, now: dt.datetime) -> Mapping[str, str]:
    """Return what ``person`` says of themselves, by its field, as it may stand; raises `Refusal`."""
    return _judge[0](person, said, now) if _judge and any(said.values()) else said


def name_told(name: str, *, now: dt.datetime) -> str:
    """Return the ``name`` that somebody else told of a new person, "" where it may not stand: they choose one themselves."""
    try:
        return judged(None, {"display_name": name}, now=now)["display_name"]
    except Refusal:
        return ""
