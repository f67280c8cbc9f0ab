"""An ask that grew much, or came up many times at once, as a proposal: is it worth the team's week?"""

import datetime as dt
from typing import Any

from django.db import transaction

from feedback.asks.locking import hold_grouping
from feedback.asks.models import Ask, Proposal
from feedback.forum.models import Product

Kind, State = Proposal.Kind, Proposal.State
RISES = (Kind.GROWTH, Kind.BURST)
#: For so long what was called not notable stays off the weekly list.
QUIET = dt.timedelta(days=28)


def fingerprint_of(case: str) -> str:
    """Return what the proposal of ``case``, the name of an alert, is called."""
    return f"rise:{case}"[:120]


@transaction.atomic
def propose_rise(
    *,
    ask: Ask,
    kind: Proposal.Kind,
    case: str,
    people: int,
    evidence: dict[str, Any],
    now: dt.datetime,
) -> None:
    """Propose to look at ``ask``, once a ``case``; one that waits is kept up, one that a person settled is left alone."""
    hold_grouping()
    shown = {"people_count": people, "evidence": evidence}
    proposal, is_new = Proposal.objects.get_or_create(
        fingerprint=fingerprint_of(case),
        defaults={"kind": kind, "ask": ask, "proposed_at": now, **shown},
    )
    if not is_new and proposal.state in (State.OPEN, State.STALE):
        Proposal.objects.filter(pk=proposal.pk).update(
            state=State.OPEN, decided_by=None, decided_at=None, **shown
        )


def withdraw_rise(*, case: str, now: dt.datetime) -> None:
    """Close what waits about ``case``: it is over, or somebody has seen it elsewhere."""
    waiting = Proposal.objects.filter(fingerprint=fingerprint_of(case), state=State.OPEN)
    waiting.update(state=State.STALE, decided_at=now)


def noted(product: Product, *, since: dt.datetime) -> list[int]:
    """Return the asks (ids) that somebody of the team called notable since, the last first."""
    said = Proposal.objects.filter(
        ask__product=product, kind__in=RISES, state=State.ACCEPTED, decided_at__gte=since
    )
    return list(dict.fromkeys(said.order_by("-decided_at", "pk").values_list("ask", flat=True)))


def not_notable(product: Product, *, now: dt.datetime) -> set[int]:
    """Return the asks (ids) of which somebody of the team said lately that what grows is not notable."""
    said = Proposal.objects.filter(
        ask__product=product, kind__in=RISES, state=State.DISMISSED, decided_at__gte=now - QUIET
    )
    return set(said.values_list("ask", flat=True))
