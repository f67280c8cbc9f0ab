"""How often somebody may do what costs something or what others see: a visitor by address, a member by trust.

Asked at the door, for it is people and programs at the web who are too fast: an import and a sample may bring a year in a minute.
"""

import datetime as dt
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from feedback.accounts import operations
from feedback.accounts.models import User
from feedback.accounts.trust import Trust, at, trust_of
from feedback.kernel.refusals import Refusal


@dataclass(frozen=True)
class Rate:
    """At most ``hits`` of ``action`` in each stretch of ``per`` from one address."""

    action: str
    hits: int
    per: dt.timedelta


def is_over(rate: Rate, request: HttpRequest, *, now: dt.datetime) -> bool:
    """Count this request and return whether it is one too many; a member's is neither counted nor limited."""
    if isinstance(request.user, User):
        return False
    # Kept as a digest: a table of counts need not tell who was here.
    who = salted_hmac("feedback.accounts.limits", address_of(request), algorithm="sha256")
    key = f"{rate.action}:{who.hexdigest()[:32]}"
    return operations.count_hit(key=key, per=rate.per, now=now) > rate.hits


def refuse_over(rate: Rate, request: HttpRequest, *, now: dt.datetime) -> None:
    """Count this request of a visitor; raises `Refusal` where it is one too many."""
    if is_over(rate, request, now=now):
        left = _left(rate.per, now)
        raise Refusal(_too_fast(left), status=429, retry_after=left)


@dataclass(frozen=True)
class Allowance:
    """How often a member may do ``action``: for each trust so many hits in so long, all of which hold.

    A trust that is not named has what the last below it has. The team may always.
    """

    action: str
    by_trust: Mapping[Trust, tuple[tuple[int, dt.timedelta], ...]]

    def of(self, trust: Trust) -> tuple[tuple[int, dt.timedelta], ...]:
        """Return what ``trust`` has, nothing where there is no limit."""
        return () if trust == Trust.TEAM else at(self.by_trust, trust)


def spend(
    allowance: Allowance,
    person: User,
    *,
    now: dt.datetime,
    by: int = 1,
    trust: Trust | None = None,
) -> None:
    """Count one more deed of ``person``, or ``by`` of what is counted; raises `Refusal` where it is too much.

    They are trusted as they are, or as ``trust`` says where that makes no difference.

    Counted in one statement, so that of any number at once, in any number of processes, no more get through. What is
    refused because it is large is not counted, so that something smaller still fits.
    """
    trust = trust_of(person, now=now) if trust is None else trust
    for hits, per in allowance.of(trust):
        seconds = int(per.total_seconds())
        key = f"{allowance.action}:{seconds}:{person.pk}"
        if operations.count_hit(key=key, per=per, now=now, by=by) > hits:
            if by > 1:
                operations.take_back_hits(key=key, per=per, now=now, by=by)
            left = _left(per, now)
            raise Refusal(_too_fast(left), status=429, retry_after=left)


def _left(per: dt.timedelta, now: dt.datetime) -> int:
    """Return after how many seconds the next stretch of ``per`` begins."""
    seconds = int(per.total_seconds())
    return seconds - int(now.timestamp()) % seconds


def _too_fast(seconds: int) -> str:
    minutes = -(-seconds // 60)
    if minutes < 60:
        return ngettext(
            "That was a lot in a short time. Try again in %(n)d minute.",
            "That was a lot in a short time. Try again in %(n)d minutes.",
            minutes,
        ) % {"n": minutes}
    hours = -(-minutes // 60)
    return ngettext(
        "That was a lot in a short time. Try again in %(n)d hour.",
        "That was a lot in a short time. Try again in %(n)d hours.",
        hours,
    ) % {"n": hours}


def address_of(request: HttpRequest) -> str:
    """Return where the request comes from, as far as proxies of one's own are trusted with it.

    Of IPv6 the /64 that one household has; "" when there is none, as behind a socket file.
    """
    try:
        address = ipaddress.ip_address(get_adapter(request).get_client_ip(request))
    except (PermissionDenied, ValueError):
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)
    return str(address)
