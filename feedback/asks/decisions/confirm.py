"""Saying that an ask is one, what it is called, and that it stays as it is."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks import holders
from feedback.asks.counts import recount
from feedback.asks.decisions.contradictions import refuse_contradictions
from feedback.asks.decisions.join import posts_to_join, take_along
from feedback.asks.decisions.parting import part_off
from feedback.asks.decisions.recording import (
    fresh,
    fresh_all,
    overtake_proposals,
    record,
    snapshot,
)
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Ask, Bond, Decision, Membership, Proposal
from feedback.asks.stages import Stage
from feedback.forum.models import TITLE_LENGTH, Post
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal
from feedback.kernel.stale import refuse_stale


def _close_proposal(
    ask: Ask, *, state: Proposal.State, actor: User, now: dt.datetime, decision: Decision
) -> None:
    """Close the open "new ask" proposal of ``ask``, if there is one."""
    Proposal.objects.filter(ask=ask, kind=Proposal.Kind.NEW_ASK, state=Proposal.State.OPEN).update(
        state=state, decided_by=actor, decided_at=now, decision=decision
    )


@by_manager
@transaction.atomic
def confirm_ask(
    *,
    ask: Ask,
    actor: User,
    now: dt.datetime,
    title: str = "",
    left_out: Collection[Post] = (),
    seen_at: dt.datetime | None = None,
    also: Collection[Ask] = (),
    parting: bool = False,
) -> Decision:
    """Confirm that the posts of ``ask`` want the same thing: the ask is public, and no run takes one away.

    On a public ask it confirms the posts the machine has added since. Posts in ``left_out`` leave the ask with
    the same decision and do not come back; posts the machine placed after ``seen_at`` stay unconfirmed, since
    nobody has looked at them. The asks ``also`` want it too: they become part of it with the same decision. ``parting``: those
    left out want one thing as well, and wait as an ask of their own. Raises `Refusal`.
    """
    hold_grouping()
    ask, *others = fresh_all([ask, *also])
    coming = {one: posts_to_join(one, ask) for one in others}
    leaving = {post.pk for post in left_out}
    members = dict(
        Membership.objects.filter(ask=ask).values_list("post", "is_confirmed", named=False)
    )
    leaving &= set(members)
    unconfirmed = Membership.objects.filter(ask=ask, is_confirmed=False)
    if seen_at is not None:
        unconfirmed = unconfirmed.filter(placed_at__lte=seen_at)
    confirming = set(unconfirmed.values_list("post", flat=True)) - leaving
    if len(members) == len(leaving):
        raise Refusal(_("Leave at least one post in the ask, or say that it is not one."))
    title = typed.line(title, most=TITLE_LENGTH)
    # Whoever leaves posts out says what the rest is called: the machine would call it after another post.
    is_titled = bool(title) and (title != ask.title or bool(leaving))
    changed = set()
    if ask.state != Ask.State.PUBLIC:
        changed |= {"state", "confirmed_at"}
    if is_titled:
        changed |= {"title", "title_source"}
    came = [pk for posts in coming.values() for pk in posts]
    before = snapshot(
        asks={ask: changed} | {one: {"state", "joined_into_id"} for one in others},
        post_ids=confirming | leaving | set(came),
    )
    overtake_proposals(others, now=now, before=before)
    ask.state = Ask.State.PUBLIC
    ask.confirmed_at = ask.confirmed_at or now
    if is_titled:
        ask.title, ask.title_source = title, Ask.Source.PERSON
    ask.save(update_fields=["state", "confirmed_at", "title", "title_source"])
    Membership.objects.filter(ask=ask, post__in=leaving).delete()
    parted = []
    if parting and leaving:
        rest = [post for post in left_out if post.pk in leaving]
        parted = [part_off(posts=rest, ask=ask, actor=actor, now=now, before=before)]
    unconfirmed.exclude(post__in=leaving).update(is_confirmed=True)
    for one, posts in coming.items():
        take_along(posts, one, into=ask, actor=actor, now=now, seen_at=seen_at)
        one.state, one.joined_into = Ask.State.JOINED, ask
        one.save(update_fields=["state", "joined_into"])
    decision = record(
        kind=Decision.Kind.CONFIRM,
        ask=ask,
        actor=actor,
        now=now,
        before=before,
        data={"posts": len(confirming) + len(came), "left_out": len(leaving)},
    )
    Bond.objects.bulk_create(
        Bond(decision=decision, kind=Bond.Kind.NOT_HERE, post_id=pk, ask=ask)
        for pk in sorted(leaving)
    )
    _close_proposal(ask, state=Proposal.State.ACCEPTED, actor=actor, now=now, decision=decision)
    if leaving or others:
        recount([ask.pk, *(one.pk for one in (*others, *parted))])
    refuse_contradictions(decision)
    return decision


@by_manager
@transaction.atomic
def dismiss_ask(*, ask: Ask, actor: User, now: dt.datetime) -> Decision:
    """Say that ``ask`` is not one. Its posts are free to join others and it is not proposed again.

    Raises `Refusal` for an ask the team has decided about already.
    """
    hold_grouping()
    ask = fresh(ask)
    if ask.stage != Stage.UNDER_REVIEW:
        raise Refusal(
            _("“%(title)s” is on the roadmap or declined already. Move it back to review first.")
            % {"title": ask.title}
        )
    holders.refuse(ask)
    held = Membership.objects.filter(ask=ask, is_confirmed=True)
    before = snapshot(asks={ask: {"state"}}, post_ids=set(held.values_list("post", flat=True)))
    held.update(is_confirmed=False, source=Ask.Source.MACHINE, actor=None)
    ask.state = Ask.State.DISMISSED
    ask.save(update_fields=["state"])
    decision = record(
        kind=Decision.Kind.DISMISS,
        ask=ask,
        actor=actor,
        now=now,
        before=before,
    )
    _close_proposal(ask, state=Proposal.State.DISMISSED, actor=actor, now=now, decision=decision)
    return decision


@by_manager
@transaction.atomic
def rename_ask(
    *, ask: Ask, title: str, actor: User, now: dt.datetime, seen: str | None = None
) -> Decision:
    """Give ``ask`` a title of the team's own; no run changes it. Raises `Refusal` for an empty one.

    ``seen`` is the mark of the title that the actor began with: raises `StaleEdit` where it is another now.
    """
    hold_grouping()
    ask = fresh(ask)
    refuse_stale({"title": ask.title}, seen=seen)
    title = typed.line(title, most=TITLE_LENGTH)
    if not title:
        raise Refusal(_("Give the ask a title, in the words of those who asked."))
    before = snapshot(asks={ask: {"title", "title_source"}}, post_ids=[])
    old = ask.title
    ask.title, ask.title_source = title, Ask.Source.PERSON
    ask.save(update_fields=["title", "title_source"])
    return record(
        kind=Decision.Kind.RENAME,
        ask=ask,
        actor=actor,
        now=now,
        before=before,
        data={"from": old},
    )


@by_manager
def lock_ask(*, ask: Ask, actor: User, now: dt.datetime) -> Decision:
    """Lock ``ask``: the machine neither adds a post nor takes one away."""
    return _set_lock(ask=ask, actor=actor, now=now, locked=True)


@by_manager
def unlock_ask(*, ask: Ask, actor: User, now: dt.datetime) -> Decision:
    """Let the machine propose members of ``ask`` again."""
    return _set_lock(ask=ask, actor=actor, now=now, locked=False)


@transaction.atomic
def _set_lock(*, ask: Ask, actor: User, now: dt.datetime, locked: bool) -> Decision:
    hold_grouping()
    ask = fresh(ask)
    if ask.is_locked == locked:
        raise Refusal(
            _("“%(title)s” is locked already.") % {"title": ask.title}
            if locked
            else _("“%(title)s” is not locked.") % {"title": ask.title}
        )
    before = snapshot(asks={ask: {"is_locked"}}, post_ids=[])
    ask.is_locked = locked
    ask.save(update_fields=["is_locked"])
    decision = record(
        kind=Decision.Kind.LOCK if locked else Decision.Kind.UNLOCK,
        ask=ask,
        actor=actor,
        now=now,
        before=before,
    )
    refuse_contradictions(decision)
    return decision
