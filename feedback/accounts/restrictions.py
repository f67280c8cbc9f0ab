"""What a person may not do for a while: write, or sign in. The team decides so in a case of the forum."""

import datetime as dt
from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal

#: Banned: until a day that nobody here will see.
FOR_EVER = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)


def is_suspended(person: User, *, now: dt.datetime) -> bool:
    """Whether ``person`` cannot sign in now."""
    return person.suspended_until is not None and person.suspended_until > now


def is_banned(person: User) -> bool:
    """Whether ``person`` can never sign in again."""
    return person.suspended_until is not None and person.suspended_until >= FOR_EVER


def is_muted(person: User, *, now: dt.datetime) -> bool:
    """Whether ``person`` may write nothing now."""
    return person.muted_until is not None and person.muted_until > now


def refuse_muted(person: User, *, now: dt.datetime) -> None:
    """Raise `Refusal` where ``person`` may not write now: who is muted, and who is suspended and writes by mail."""
    if is_banned(person):
        raise Refusal(_("You cannot write here any more. The team decided so."), status=403)
    if not is_muted(person, now=now) and not is_suspended(person, now=now):
        return
    last = max(day for day in (person.muted_until, person.suspended_until) if day is not None)
    until = date_format(localtime(last), "DATETIME_FORMAT")
    sentence = _("You may read and vote, but not write, until %(until)s. The team decided so.")
    raise Refusal(sentence % {"until": until}, status=403)


def refuse_agent(person: User) -> None:
    """Raise `Refusal` where ``person`` is a program that acts for somebody: it posts what it saw, and no more."""
    if person.is_agent:
        raise Refusal(
            _("An agent posts what it saw. Voting and answering are for people."), status=403
        )


class SuspensionMiddleware:
    """Ends the session of who is suspended: from the next page on they are a visitor. Stands behind authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if isinstance(request.user, User) and is_suspended(request.user, now=clock.now()):
            logout(request)
        return self.get_response(request)
