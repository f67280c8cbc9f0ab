"""What a person's page says of claims, as one reader sees it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from feedback.accounts.claiming import codes, queries
from feedback.accounts.claiming.models import Claim, ClaimCode
from feedback.accounts.models import Origin, User
from feedback.accounts.permissions import is_manager, is_team


@dataclass(frozen=True)
class OnPage:
    """Whether the person may be claimed (``is_open``), by which ``codes`` of the team; what they claimed, and may."""

    is_open: bool = False
    codes: Sequence[ClaimCode] = ()
    claims: Sequence[Claim] = ()
    waiting: int = 0


def on_page_of(person: User, *, reader: User | AnonymousUser, now: dt.datetime) -> OnPage:
    """Return what the page of ``person`` says to ``reader``."""
    if person.origin == Origin.IMPORTED:
        if not queries.claimable().filter(pk=person.pk).exists():
            return OnPage()
        known = list(codes.codes_for(person, now=now)) if is_manager(reader) else []
        return OnPage(is_open=True, codes=known)
    return OnPage(
        claims=list(queries.claims_of(person)) if is_team(reader) else [],
        waiting=queries.proven_without_code(person).count() if person == reader else 0,
    )
