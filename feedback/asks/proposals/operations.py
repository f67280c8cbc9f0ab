"""Deciding about what the machine proposes."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks.decisions.confirm import confirm_ask, dismiss_ask
from feedback.asks.decisions.pairs import keep_apart
from feedback.asks.decisions.shape import join_asks, move_post
from feedback.asks.decisions.undo import undo
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Decision, Proposal
from feedback.forum.models import Post
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel.refusals import Refusal


def _open(proposal: Proposal) -> Proposal:
    """Return ``proposal`` with its subjects, held against others who decide at the same time."""
    hold_grouping()
    Proposal.objects.select_for_update().get(pk=proposal.pk)
    proposal = Proposal.objects.select_related("ask", "other_ask", "post").get(pk=proposal.pk)
    if proposal.state != Proposal.State.OPEN:
        raise Refusal(_("Somebody has decided about this already."))
    return proposal


def _close(
    proposal: Proposal,
    *,
    state: Proposal.State,
    decision: Decision | None,
    actor: User,
    now: dt.datetime,
) -> None:
    Proposal.objects.filter(pk=proposal.pk).update(
        state=state, decision=decision, decided_by=actor, decided_at=now
    )


@by_manager
@transaction.atomic
def accept(
    *,
    proposal: Proposal,
    actor: User,
    now: dt.datetime,
    title: str = "",
    left_out: Collection[Post] = (),
    seen_at: dt.datetime | None = None,
) -> Decision | None:
    """Do what the machine proposes; a new ask without the posts ``left_out``. Raises `Refusal`."""
    proposal = _open(proposal)
    decision: Decision | None = None
    match proposal.kind:
        case Proposal.Kind.NEW_ASK:
            decision = confirm_ask(
                ask=proposal.ask,
                actor=actor,
                now=now,
                title=title,
                left_out=left_out,
                seen_at=seen_at,
            )
        case Proposal.Kind.JOIN if proposal.other_ask is not None:
            decision = join_asks(ask=proposal.other_ask, into=proposal.ask, actor=actor, now=now)
        case Proposal.Kind.MOVE if proposal.post is not None:
            decision = move_post(post=proposal.post, to=proposal.other_ask, actor=actor, now=now)
    _close(proposal, state=Proposal.State.ACCEPTED, decision=decision, actor=actor, now=now)
    return decision


@by_manager
@transaction.atomic
def dismiss(*, proposal: Proposal, actor: User, now: dt.datetime) -> Decision | None:
    """Say no, for ever: the same case is not proposed again. Raises `Refusal`."""
    proposal = _open(proposal)
    decision: Decision | None = None
    match proposal.kind:
        case Proposal.Kind.NEW_ASK:
            decision = dismiss_ask(ask=proposal.ask, actor=actor, now=now)
        case Proposal.Kind.JOIN if proposal.other_ask is not None:
            decision = keep_apart(ask=proposal.ask, other=proposal.other_ask, actor=actor, now=now)
        case Proposal.Kind.MOVE if proposal.post is not None:
            decision = move_post(post=proposal.post, to=proposal.ask, actor=actor, now=now)
        case Proposal.Kind.CONTEST:
            contested = Decision.objects.get(public_id=proposal.evidence["contest"])
            if contested.undone_at is None:
                undo(decision=contested, actor=actor, now=now)
            proposal.ask.refresh_from_db()
            journal.write(
                verb=Verb.CONTEST_REFUSED,
                subject=proposal.post or proposal.ask,
                actor_id=actor.pk,
                now=now,
                data={
                    "post": proposal.post.public_id if proposal.post else "",
                    "title": proposal.post.title if proposal.post else "",
                    "ask": proposal.ask.public_id,
                    "ask_title": proposal.ask.title,
                    "author": proposal.post.author_id if proposal.post else None,
                },
            )
    _close(proposal, state=Proposal.State.DISMISSED, decision=decision, actor=actor, now=now)
    return decision


#: How long "later" is: until the next Tuesday's desk.
LATER = dt.timedelta(days=6)


@by_manager
@transaction.atomic
def put_off(*, proposal: Proposal, actor: User, now: dt.datetime) -> None:
    """Put a proposal away for six days; it stands under "Later" meanwhile. Raises `Refusal`."""
    proposal = _open(proposal)
    Proposal.objects.filter(pk=proposal.pk).update(later_until=now + LATER)
