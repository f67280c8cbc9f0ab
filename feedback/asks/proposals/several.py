"""Saying the same of several proposals, and taking all of it back."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks.decisions.undo import undo
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Proposal
from feedback.asks.proposals.taking_back import may_be_taken_back, put_off_by, take_back
from feedback.kernel.refusals import Refusal


@dataclass
class Settled:
    """What was done with several proposals: those it was done with, and those that were refused with the reason."""

    done: list[Proposal] = field(default_factory=list)
    refused: list[tuple[Proposal, str]] = field(default_factory=list)


def settle_several(proposals: Iterable[Proposal], say: Callable[[Proposal], object]) -> Settled:
    """Do ``say``, an operation, with each of ``proposals``; one that is refused stays as it was."""
    settled = Settled()
    for proposal in proposals:
        try:
            say(proposal)
        except Refusal as refusal:
            settled.refused.append((proposal, str(refusal)))
        else:
            settled.done.append(proposal)
    return settled


def word_on(proposal: Proposal) -> str:
    """Return a mark of what was last said of ``proposal``, which no later word shares; "" where it lies open."""
    if proposal.decision is not None:
        return proposal.decision.public_id
    is_open = proposal.state == Proposal.State.OPEN
    at = proposal.later_until if is_open else proposal.decided_at
    return f"{round(at.timestamp() * 1_000_000):x}" if at is not None else ""


def to_take_back(proposals: Iterable[Proposal], *, now: dt.datetime) -> list[Proposal]:
    """Return those of ``proposals`` whose last word can be taken back, the last decision first."""
    pks = [one.pk for one in proposals]
    found = Proposal.objects.filter(pk__in=pks).select_related("decision", "ask")
    able = [one for one in found if one.decision_id is not None or may_be_taken_back(one, now=now)]
    return sorted(able, key=lambda one: (one.decision_id or 0, one.pk), reverse=True)


@by_manager
@transaction.atomic
def take_back_several(
    *, proposals: Iterable[Proposal], words: Mapping[str, str], actor: User, now: dt.datetime
) -> tuple[int, int]:
    """Open again those of ``proposals`` of which the last word is still the one in ``words``, by public id, and ``actor``'s.

    All of those or none of them. Returns how many that are, and how many stay as they are: decided about anew, or told to
    somebody. One that lies open already counts as neither. Raises `Refusal`.
    """
    hold_grouping()
    pks = [one.pk for one in proposals]
    named = Proposal.objects.filter(pk__in=pks).select_related("decision")
    said = [one for one in named if word_on(one)]
    standing = [one for one in said if word_on(one) == words.get(one.public_id)]
    found = to_take_back(_of(actor, standing), now=now)
    if not found:
        raise Refusal(_("There is nothing to undo."), status=422)
    for one in found:
        if one.decision is not None:
            undo(decision=one.decision, actor=actor, now=now)
        else:
            take_back(proposal=one, actor=actor, now=now)
    return len(found), len(said) - len(found)


def _of(actor: User, proposals: Iterable[Proposal]) -> list[Proposal]:
    """Return those of ``proposals`` of which ``actor`` has the last word."""
    proposals = list(proposals)
    put_off = put_off_by(actor, proposals)
    return [
        one
        for one in proposals
        if (
            one.pk in put_off if one.state == Proposal.State.OPEN else one.decided_by_id == actor.pk
        )
    ]
