"""Deciding about what the machine proposes."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks.decisions.confirm import confirm_ask, dismiss_ask
from feedback.asks.decisions.join import join_several
from feedback.asks.decisions.pairs import keep_apart, keep_several_apart, say_apart
from feedback.asks.decisions.shape import join_asks, move_post, split_ask
from feedback.asks.decisions.undo import undo
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Ask, Decision, Proposal
from feedback.asks.proposals import settled
from feedback.asks.proposals.cases import asks_of, best_standing, parting_posts
from feedback.asks.proposals.said_same import other_of
from feedback.asks.proposals.taking_back import write_down
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
    """Close ``proposal``; where no decision records what was said, the journal does."""
    Proposal.objects.filter(pk=proposal.pk).update(
        state=state, decision=decision, decided_by=actor, decided_at=now
    )
    if decision is None:
        write_down(Verb.PROPOSAL_SETTLED, proposal, actor=actor, now=now, after=state.value)
        settled.tell(proposal, state=state, actor=actor, now=now)


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
    ticked: Collection[Ask] | None = None,
    also: Collection[Ask] = (),
    parting: bool = False,
) -> Decision | None:
    """Do what the machine proposes: a new ask, or one split off, without the posts ``left_out``. Raises `Refusal`.

    A new ask becomes one with the asks ``also``, and part of the best of them where the team has confirmed one;
    ``parting``: those left out of it wait as an ask of their own. Of several asks those ``ticked`` are joined, all where
    it is None; the others are kept apart from them.
    """
    proposal = _open(proposal)
    also = _still_offered(also)
    into = best_standing([proposal.ask, *also])
    decision: Decision | None = None
    match proposal.kind:
        case Proposal.Kind.NEW_ASK if also and into.is_public:
            decision = join_several(
                asks=_but([proposal.ask, *also], into),
                into=into,
                left_out=left_out,
                parting=parting,
                seen_at=seen_at,
                actor=actor,
                now=now,
            )
        case Proposal.Kind.NEW_ASK:
            decision = confirm_ask(
                ask=proposal.ask,
                actor=actor,
                now=now,
                title=title,
                left_out=left_out,
                seen_at=seen_at,
                also=also,
                parting=parting,
            )
        case Proposal.Kind.JOIN if proposal.other_ask is not None:
            decision = join_asks(ask=proposal.other_ask, into=proposal.ask, actor=actor, now=now)
        case Proposal.Kind.MOVE if proposal.post is not None:
            decision = move_post(post=proposal.post, to=proposal.other_ask, actor=actor, now=now)
        case Proposal.Kind.SAME if proposal.post is not None:
            decision = move_post(post=proposal.post, to=proposal.ask, actor=actor, now=now)
        case Proposal.Kind.JOIN_MANY:
            decision = _join_ticked(proposal, ticked, actor=actor, now=now)
        case Proposal.Kind.SPLIT:
            left = {post.pk for post in left_out}
            decision = split_ask(
                ask=proposal.ask,
                posts=[post for post in parting_posts(proposal) if post.pk not in left],
                title=title or proposal.evidence["title"],
                actor=actor,
                now=now,
            )
    _close(proposal, state=Proposal.State.ACCEPTED, decision=decision, actor=actor, now=now)
    return decision


def _still_offered(asks: Collection[Ask]) -> list[Ask]:
    """Return ``asks`` as they are now. Raises `Refusal` where somebody has said meanwhile that one is none."""
    found = list(Ask.objects.filter(pk__in=[one.pk for one in asks]))
    waits = Proposal.objects.filter(
        kind=Proposal.Kind.NEW_ASK, state=Proposal.State.OPEN, ask__in=found
    )
    offered = set(waits.values_list("ask", flat=True))
    for one in found:
        if not one.is_public and one.pk not in offered:
            raise Refusal(
                _("Somebody has decided about “%(title)s” meanwhile. Look at it first.")
                % {"title": one.title}
            )
    return found


def _join_ticked(
    proposal: Proposal, ticked: Collection[Ask] | None, *, actor: User, now: dt.datetime
) -> Decision:
    """Join the asks that are ticked into the one of them that stands highest."""
    asks = asks_of(proposal)
    chosen = [ask for ask in asks if ticked is None or ask in ticked]
    if len(chosen) < 2:
        raise Refusal(_("Tick two asks or more to join, or keep them all apart."), status=422)
    into = best_standing(chosen)
    return join_several(
        asks=_but(chosen, into), into=into, apart=_but(asks, *chosen), actor=actor, now=now
    )


def _but(asks: Sequence[Ask], *others: Ask) -> list[Ask]:
    return [ask for ask in asks if ask not in others]


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
        case Proposal.Kind.SAME if (
            proposal.post is not None and (other := other_of(proposal)) is not None
        ):
            decision = say_apart(post=proposal.post, other=other, actor=actor, now=now)
        case Proposal.Kind.JOIN_MANY if len(asks := asks_of(proposal)) > 1:
            decision = keep_several_apart(asks=asks, actor=actor, now=now)
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


#: How long "later" is where no day is chosen: until the next Tuesday's desk.
LATER = dt.timedelta(days=6)
#: No proposal is put off for longer.
LATEST = dt.timedelta(days=366)


@by_manager
@transaction.atomic
def put_off(
    *, proposal: Proposal, actor: User, now: dt.datetime, until: dt.datetime | None = None
) -> None:
    """Put a proposal away until a time, else for six days; it stands under "Later" meanwhile. Raises `Refusal`."""
    proposal = _open(proposal)
    until = until or now + LATER
    if not now < until <= now + LATEST:
        raise Refusal(_("Choose a day to come, at most a year from now."), status=422)
    Proposal.objects.filter(pk=proposal.pk).update(later_until=until)
    write_down(Verb.PROPOSAL_PUT_OFF, proposal, actor=actor, now=now, after=until.isoformat())
