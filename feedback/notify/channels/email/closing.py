"""Addresses that take no mail: closed when a server says so, opened again by their owner."""

import datetime as dt

from feedback.accounts.models import User
from feedback.notify.models import ClosedAddress

Why = ClosedAddress.Why


def close(*, address: str, why: "ClosedAddress.Why | str", said: str, now: dt.datetime) -> None:
    """Send nothing to ``address`` any more; the first reason stays."""
    ClosedAddress.objects.get_or_create(
        address=address.lower(), defaults={"why": why, "said": said[:500], "closed_at": now}
    )


def closed_of(person: User) -> ClosedAddress | None:
    """Return why nothing is sent to ``person``, None where mail may be sent."""
    return ClosedAddress.objects.filter(address=(person.email or "").lower()).first()


def open_again(*, person: User) -> None:
    """Send to the address of ``person`` again: they say that it works."""
    ClosedAddress.objects.filter(address=(person.email or "").lower()).delete()
