"""Taking back what was said about a proposal where no decision stands that could be undone."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Proposal
from feedback.asks.proposals import settled
from feedback.journal import operations as journal
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel.refusals import Refusal

#: For so long what was said can be taken back.
TAKE_BACK_WITHIN = dt.timedelta(days=1)


def write_down(
    verb: Verb,
    proposal: Proposal,
    *,
    actor: User,
    now: dt.datetime,
    after: str,
    before: str | None = None,
) -> None:
    """Write into the journal what ``actor`` said about ``proposal``, which is as it was before."""
    if before is None:
        before = proposal.later_until.isoformat() if proposal.later_until else proposal.state
    data = {
        "proposal": proposal.public_id,
        "kind": proposal.kind,
        "ask": proposal.ask.public_id,
        "title": proposal.ask.title,
        "before": before,
        "after": after,
    }
    journal.write(verb=verb, subject=proposal, actor_id=actor.pk, now=now, data=data)


def last_said(person: User, *, now: dt.datetime) -> Entry | None:
    """Return the last that ``person`` said about a proposal without a decision, while it can be taken back."""
    said = Entry.objects.filter(
        actor_id=person.pk,
        verb__in=[Verb.PROPOSAL_PUT_OFF, Verb.PROPOSAL_SETTLED],
        at__gt=now - TAKE_BACK_WITHIN,
    )
    for entry in said.order_by("-id")[:5]:
        proposal = Proposal.objects.filter(pk=entry.subject_id).first()
        if (
            proposal is not None
            and may_be_taken_back(proposal, now=now)
            and _is_last_word(entry, on=proposal)
        ):
            return entry
    return None


def may_be_taken_back(proposal: Proposal, *, now: dt.datetime) -> bool:
    """Whether ``proposal`` was put off, or settled less than a day ago without a decision.

    A post that was put back against its author's word stays: its author has been told.
    """
    if proposal.state == Proposal.State.OPEN:
        return proposal.later_until is not None and proposal.later_until > now
    if proposal.decision_id is not None or proposal.decided_at is None:
        return False
    refused = proposal.kind == Proposal.Kind.CONTEST and proposal.state == Proposal.State.DISMISSED
    return not refused and now - proposal.decided_at < TAKE_BACK_WITHIN


def put_off_by(person: User, proposals: Iterable[Proposal]) -> set[int]:
    """Return the primary keys of those of ``proposals`` that ``person`` put off until the day they wait for now."""
    by_pk = {one.pk: one for one in proposals}
    said = Entry.objects.filter(
        actor_id=person.pk, verb=Verb.PROPOSAL_PUT_OFF, subject_id__in=list(by_pk)
    )
    return {entry.subject_id for entry in said if _is_last_word(entry, on=by_pk[entry.subject_id])}


def _is_last_word(entry: Entry, *, on: Proposal) -> bool:
    """Whether nobody has said anything else of the proposal since ``entry``."""
    if entry.verb == Verb.PROPOSAL_PUT_OFF:
        return on.later_until == parse_datetime(entry.data["after"])
    return on.decided_by_id == entry.actor_id


@by_manager
@transaction.atomic
def take_back(*, proposal: Proposal, actor: User, now: dt.datetime) -> Proposal:
    """Open ``proposal`` again as if nobody had said anything. Raises `Refusal` when it cannot be taken back."""
    hold_grouping()
    Proposal.objects.select_for_update().get(pk=proposal.pk)
    proposal = Proposal.objects.select_related("ask").get(pk=proposal.pk)
    if not may_be_taken_back(proposal, now=now):
        raise Refusal(_("This cannot be taken back any more."))
    Proposal.objects.filter(pk=proposal.pk).update(
        state=Proposal.State.OPEN, decided_by=None, decided_at=None, later_until=None
    )
    write_down(
        Verb.PROPOSAL_TAKEN_BACK, proposal, actor=actor, now=now, after=Proposal.State.OPEN.value
    )
    settled.tell(proposal, state=Proposal.State.OPEN, actor=actor, now=now)
    return proposal
