"""Saying of two posts, or of two asks, that they ask for the same or do not."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks.decisions.contradictions import refuse_contradictions
from feedback.asks.decisions.join import bind_apart
from feedback.asks.decisions.recording import (
    fresh_all,
    products_of,
    record,
    refuse_two_products,
    snapshot,
)
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Ask, Bond, Decision
from feedback.forum.models import Post
from feedback.journal.verbs import Verb
from feedback.kernel.refusals import Refusal


@by_manager
def say_together(*, post: Post, other: Post, actor: User, now: dt.datetime) -> Decision:
    """Say that two posts ask for the same; the next run brings them into one group."""
    return _relate(Bond.Kind.TOGETHER, post=post, other=other, actor=actor, now=now)


@by_manager
def say_apart(*, post: Post, other: Post, actor: User, now: dt.datetime) -> Decision:
    """Say that two posts do not ask for the same; no run puts them into one group."""
    return _relate(Bond.Kind.APART, post=post, other=other, actor=actor, now=now)


@transaction.atomic
def _relate(kind: Bond.Kind, *, post: Post, other: Post, actor: User, now: dt.datetime) -> Decision:
    """Write the bond. Raises `Refusal`, naming the chain of decisions, when it contradicts others."""
    hold_grouping()
    if post.pk == other.pk:
        raise Refusal(_("That is the same post twice."))
    refuse_two_products(products_of([post.pk, other.pk]))
    ask = Ask.objects.filter(memberships__post__in=[post, other]).order_by("id").first()
    if ask is None:
        raise Refusal(_("At least one of the two posts has to belong to an ask."))
    decision = record(
        kind=Decision.Kind.TOGETHER if kind == Bond.Kind.TOGETHER else Decision.Kind.APART,
        ask=ask,
        actor=actor,
        now=now,
        before=snapshot(asks={}, post_ids=[]),
        data={"post": post.public_id, "other": other.public_id},
    )
    Bond.objects.create(decision=decision, kind=kind, post=post, other_post=other)
    refuse_contradictions(decision)
    return decision


@by_manager
def keep_apart(*, ask: Ask, other: Ask, actor: User, now: dt.datetime) -> Decision:
    """Say that two asks are not the same; see `keep_several_apart`."""
    return keep_several_apart(asks=[ask, other], actor=actor, now=now)


@by_manager
@transaction.atomic
def keep_several_apart(*, asks: Sequence[Ask], actor: User, now: dt.datetime) -> Decision:
    """Say that no two of ``asks`` are the same: no run brings the posts of one into another.

    Each post that is in one of them now is bound not to be in the others. Raises `Refusal`.
    """
    hold_grouping()
    asks = fresh_all(asks)
    if len({ask.pk for ask in asks}) < max(2, len(asks)):
        raise Refusal(_("That is the same ask."))
    first, second, *more = asks
    before = snapshot(asks={}, post_ids=[])
    before["others"] = [ask.public_id for ask in more]
    decision = record(
        kind=Decision.Kind.APART,
        ask=first,
        other_ask=second,
        actor=actor,
        now=now,
        before=before,
        verb=Verb.ASKS_APART,
        data={"other": second.public_id, "other_title": second.title},
    )
    bind_apart(decision, asks)
    refuse_contradictions(decision)
    return decision
