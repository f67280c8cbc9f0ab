"""Taking a decision back."""

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks import holders
from feedback.asks.areas.undo import ABOUT_AREAS, take_back
from feedback.asks.counts import recount
from feedback.asks.decisions import rehouse
from feedback.asks.decisions.contradictions import refuse_contradictions
from feedback.asks.decisions.parting import parted_off
from feedback.asks.decisions.recording import record_undone, restore, undone_first
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Ask, Decision, Membership, Proposal
from feedback.asks.stages import Stage
from feedback.kernel.refusals import Refusal

Kind = Decision.Kind


@by_manager
@transaction.atomic
def undo(*, decision: Decision, actor: User, now: dt.datetime) -> Decision:
    """Put asks, memberships and proposals back as they were before ``decision``, and end its bonds.

    Raises `Refusal` when it was undone already, when a later decision stands on it (about the same posts,
    or the same side of the same ask), or when the ask has moved on the roadmap since. What only the machine
    placed since gives way; an author's later contest stays. Undoing twice at once undoes once.
    """
    hold_grouping()
    Decision.objects.select_for_update().get(pk=decision.pk)
    decision = Decision.objects.select_related("ask", "other_ask", "product").get(pk=decision.pk)
    if decision.undone_at is not None:
        raise Refusal(_("This decision is undone already."))
    if decision.kind in ABOUT_AREAS:
        return take_back(decision, actor=actor, now=now)
    if decision.kind == Kind.REHOUSE:
        _refuse_what_stands_on_it(decision)
        return rehouse.take_back(decision, actor=actor, now=now)
    contests = _refuse_what_stands_on_it(decision)
    _refuse_what_moved_on(decision)
    posts = set(decision.posts.values_list("pk", flat=True))
    touched = {pk for pk in (decision.ask_id, decision.other_ask_id) if pk is not None}
    touched |= set(
        Membership.objects.filter(post__in=decision.posts.all()).values_list("ask", flat=True)
    )
    for made, origin in parted_off(decision.before).items():
        # What the machine has added to the new ask since goes back with the rest.
        Membership.objects.filter(ask=made).exclude(post__in=posts).update(ask=origin)
        touched |= {made, origin}
    left = _hand_on(decision, contests)
    restore(decision.before, leave=left)
    touched |= set(
        Membership.objects.filter(post__in=decision.posts.all()).values_list("ask", flat=True)
    )
    record_undone(decision, actor=actor, now=now)
    _reopen_proposals(decision, actor=actor, now=now)
    recount(touched)
    refuse_contradictions(decision)
    return decision


def _refuse_what_stands_on_it(decision: Decision) -> list[Decision]:
    """Raise `Refusal` when a later decision stands on this one; return the contests that may stay."""
    posts = decision.posts.all()
    later = Decision.objects.filter(pk__gt=decision.pk, undone_at__isnull=True).select_related(
        "actor", "ask"
    )
    about_posts = list(later.filter(posts__in=posts).distinct().order_by("-id"))
    contests = [one for one in about_posts if one.kind == Kind.CONTEST]
    standing = [one for one in about_posts if one.kind != Kind.CONTEST]
    standing += _moves_of_its_board(decision, later)
    sides = {ask: set(fields) for ask, fields in decision.before.get("asks", {}).items()}
    for one in later.filter(Q(ask__in=map(int, sides)) | Q(other_ask__in=map(int, sides))):
        theirs = one.before.get("asks", {})
        if any(sides[ask] & set(theirs.get(ask, ())) for ask in sides):
            standing.append(one)
    made = _made_asks(decision)
    if made:
        standing += list(
            later.filter(Q(ask__in=made) | Q(other_ask__in=made)).exclude(
                kind__in=[Kind.RENAME, Kind.LOCK, Kind.UNLOCK, Kind.OWN, Kind.CONTEST, *ABOUT_AREAS]
            )
        )
    if standing:
        raise undone_first(max(standing, key=lambda one: one.pk))
    return contests


def _moves_of_its_board(decision: Decision, later: QuerySet[Decision]) -> list[Decision]:
    """Return the later moves of the board that undoing ``decision`` brings something back to, or brings back."""
    if decision.kind != Kind.REHOUSE:
        return []
    board = (
        decision.before["board"][0] if "board" in decision.before else decision.before["post"][1]
    )
    return list(later.filter(kind=Kind.REHOUSE, before__board__0=board))


def _made_asks(decision: Decision) -> set[int]:
    """Return the asks (ids) that the decision made, which undoing it ends."""
    made = set(parted_off(decision.before))
    fields = decision.before.get("asks", {}).get(str(decision.ask_id), {})
    if decision.ask_id is not None and fields.get("state") == Ask.State.RETIRED:
        made.add(decision.ask_id)
    return made


def _refuse_what_moved_on(decision: Decision) -> None:
    """Raise `Refusal` when undoing would hide an ask that the team has answered or moved since."""
    hiding = _made_asks(decision)
    fields = decision.before.get("asks", {}).get(str(decision.ask_id), {})
    if decision.kind == Kind.CONFIRM and decision.ask_id is not None and "state" in fields:
        hiding.add(decision.ask_id)
    for hidden in Ask.objects.filter(pk__in=hiding):
        if hidden.stage != Stage.UNDER_REVIEW:
            raise Refusal(
                _("“%(title)s” is %(stage)s by now. Move it back to review first.")
                % {"title": hidden.title, "stage": hidden.get_stage_display().lower()}
            )
        if hidden.answers.exists() or hidden.questions.exists():
            raise Refusal(
                _("People have been given an answer to “%(title)s”, so it stays public.")
                % {"title": hidden.title}
            )
        holders.refuse(hidden)


def _hand_on(decision: Decision, contests: list[Decision]) -> set[int]:
    """Let later contests restore what this decision would have; return the posts they keep out."""
    left: set[int] = set()
    for contest in contests:
        for pk in contest.posts.values_list("pk", flat=True):
            key = str(pk)
            if key in decision.before["memberships"]:
                contest.before["memberships"][key] = decision.before["memberships"][key]
                left.add(pk)
        # With the post that an ask is called after goes what it is called.
        for ask, (medoid_id, title) in decision.before.get("names", {}).items():
            if medoid_id in left:
                contest.before.setdefault("names", {})[ask] = [medoid_id, title]
        contest.save(update_fields=["before"])
    return left


def _reopen_proposals(decision: Decision, *, actor: User, now: dt.datetime) -> None:
    """Open the proposal that the decision closed; close those it opened, and the one that came since a no."""
    made = parted_off(decision.before)
    about = Proposal.objects.filter(
        Q(ask__in=made) | Q(other_ask__in=made), state=Proposal.State.OPEN
    )
    about.filter(kind__in=[Proposal.Kind.NEW_ASK, Proposal.Kind.JOIN]).update(
        state=Proposal.State.STALE, decided_at=now
    )
    for ask, origin in made.items():
        about.filter(kind=Proposal.Kind.CONTEST, ask=ask).update(ask=origin)
    if decision.kind == Kind.DISMISS:
        Proposal.objects.filter(
            ask=decision.ask, kind=Proposal.Kind.NEW_ASK, state=Proposal.State.OPEN
        ).update(state=Proposal.State.STALE, decided_at=now)
    Proposal.objects.filter(decision=decision).update(
        state=Proposal.State.OPEN, decided_by=None, decided_at=None, decision=None
    )
    if decision.kind == Kind.CONTEST:
        Proposal.objects.filter(
            kind=Proposal.Kind.CONTEST,
            state__in=[Proposal.State.OPEN, Proposal.State.STALE],
            evidence__contest=decision.public_id,
        ).update(state=Proposal.State.DISMISSED, decided_by=actor, decided_at=now)
