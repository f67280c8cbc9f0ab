"""How often a visitor may do what costs something. A member is known by name and needs no limit."""

import datetime as dt
import ipaddress
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from feedback.accounts import operations
from feedback.accounts.models import User


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
