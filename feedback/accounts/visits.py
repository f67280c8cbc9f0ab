"""When somebody was here before: what is newer is new to them."""

import datetime as dt

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from feedback.accounts.models import User

#: Somebody who was away for so long comes back: what was new during their last visit is not new any more.
AWAY = dt.timedelta(minutes=30)
#: How exactly it is written down that somebody is still here.
_EXACTLY = dt.timedelta(minutes=5)


def come(request: HttpRequest, *, now: dt.datetime) -> None:
    """Write down that whoever asks is here: when their last visit ended moves on if they were away."""
    person = request.user
    if not isinstance(person, User):
        return
    seen = person.here_at
    if seen is not None and now - seen < _EXACTLY:
        return
    changed = {"here_at": now}
    if seen is not None and now - seen >= AWAY:
        changed["here_before"] = seen
    # Of two pages at once one moves it.
    if User.objects.filter(pk=person.pk, here_at=seen).update(**changed):
        for name, value in changed.items():
            setattr(person, name, value)


def last_visit(person: User | AnonymousUser) -> dt.datetime | None:
    """Return when ``person`` was here before this visit; None for a visitor and on a first visit."""
    return person.here_before if isinstance(person, User) else None
