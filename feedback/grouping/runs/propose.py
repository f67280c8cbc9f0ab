"""What a run leaves for a person to decide: new asks, asks to join, posts to move."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from feedback.asks.models import GONE, Ask, Proposal
from feedback.grouping.models import Run

#: A join is proposed when this share of an ask's posts, and so many at the least, would go to one other ask.
HALF, FEWEST_TO_JOIN = 0.5, 2


@dataclass(frozen=True)
class Offer:
    """A post that a person may want to move: it is in ``origin`` and now stands nearer to ``target``."""

    public_id: str
    post_id: int
    origin: Ask
    target: Ask


def propose(*, offered: Iterable[Offer], run: Run, now: dt.datetime) -> None:
    """Write the proposals, and close those that no longer hold.

    Posts that now stand nearer to another ask are proposed to move there; when they are half of their ask or more, the
    two are proposed to become one. That two asks lie near each other is no reason: of such pairs one in four at the
    most is one (ADR 0024). ``offered`` is what a person is to be asked about. Lock contract: as `apply_grouping`.
    """
    _propose_new(run=run, now=now)
    together: dict[tuple[int, int], list[Offer]] = defaultdict(list)
    for one in offered:
        together[one.origin.pk, one.target.pk].append(one)
    held = set()
    for offers in together.values():
        origin, target = offers[0].origin, offers[0].target
        if len(offers) >= max(FEWEST_TO_JOIN, HALF * origin.post_count):
            held.add(_propose_join(target, origin, posts=len(offers), run=run, now=now))
            continue
        for one in offers:
            held.add(
                _propose(
                    Proposal.Kind.MOVE,
                    f"move:{one.public_id}:{origin.public_id}:{target.public_id}",
                    run=run,
                    now=now,
                    ask=origin,
                    other_ask=target,
                    post_id=one.post_id,
                    people_count=1,
                )
            )
    undecided = Proposal.objects.filter(state=Proposal.State.OPEN)
    is_gone = Q(ask__state__in=GONE) | Q(other_ask__state__in=GONE)
    of_this_run = Q(ask__product=run.product, kind__in=[Proposal.Kind.MOVE, Proposal.Kind.JOIN])
    undecided.filter(is_gone | (of_this_run & ~Q(pk__in=held))).update(
        state=Proposal.State.STALE, decided_at=now
    )


def _propose_new(*, run: Run, now: dt.datetime) -> None:
    new = Proposal.objects.filter(kind=Proposal.Kind.NEW_ASK)
    known = set(new.values_list("ask", flat=True))
    Proposal.objects.bulk_create(
        [
            Proposal(
                kind=Proposal.Kind.NEW_ASK,
                fingerprint=f"new:{ask.public_id}",
                ask=ask,
                people_count=ask.people_count,
                run_id=run.pk,
                proposed_at=now,
            )
            for ask in Ask.objects.proposed().filter(product=run.product)
            if ask.pk not in known
        ],
        batch_size=500,
    )
    new.filter(state=Proposal.State.STALE, ask__state=Ask.State.PROPOSED).update(
        state=Proposal.State.OPEN, decided_by=None, decided_at=None
    )


def _propose_join(first: Ask, second: Ask, *, posts: int, run: Run, now: dt.datetime) -> int:
    """Propose that ``second``, of which ``posts`` would go to ``first``, becomes one with it."""
    if (second.is_public, second.people_count) > (first.is_public, first.people_count):
        first, second = second, first
    return _propose(
        Proposal.Kind.JOIN,
        "join:" + ":".join(sorted([first.public_id, second.public_id])),
        run=run,
        now=now,
        ask=first,
        other_ask=second,
        people_count=first.people_count + second.people_count,
        evidence={"posts": posts},
    )


def _propose(
    kind: Proposal.Kind, fingerprint: str, *, run: Run, now: dt.datetime, **values: object
) -> int:
    """Write a proposal once, or open it again; return its primary key."""
    proposal, made = Proposal.objects.get_or_create(
        fingerprint=fingerprint,
        defaults={"kind": kind, "run_id": run.pk, "proposed_at": now, **values},
    )
    if not made and proposal.state == Proposal.State.STALE:
        Proposal.objects.filter(pk=proposal.pk).update(
            state=Proposal.State.OPEN, decided_by=None, decided_at=None
        )
    return proposal.pk
