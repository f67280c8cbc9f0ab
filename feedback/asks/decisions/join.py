"""Joining asks, two or several, with one decision that one undo takes back."""

import datetime as dt
from collections.abc import Collection, Sequence
from itertools import combinations

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks.counts import recount
from feedback.asks.decisions.contradictions import (
    refuse_contradictions,
    refuse_what_was_said_otherwise,
)
from feedback.asks.decisions.parting import part_off
from feedback.asks.decisions.recording import (
    fresh_all,
    overtake_proposals,
    place_by_person,
    record,
    snapshot,
)
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Ask, Bond, Decision, Membership
from feedback.asks.stages import Stage
from feedback.forum.models import Post
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel.batches import batches
from feedback.kernel.refusals import Refusal


@by_manager
@transaction.atomic
def join_several(
    *,
    asks: Sequence[Ask],
    into: Ask,
    actor: User,
    now: dt.datetime,
    apart: Sequence[Ask] = (),
    left_out: Collection[Post] = (),
    parting: bool = False,
    seen_at: dt.datetime | None = None,
) -> Decision:
    """Join ``asks`` into ``into``: every post keeps its words and link, the old asks' links lead to the new.

    The posts become confirmed members, but for those ``left_out``, which leave their ask and do not come back
    (``parting``: they wait as an ask of their own), and those the machine placed after ``seen_at``, which come along
    unconfirmed. The asks ``apart`` are kept apart from what comes of it. Raises `Refusal` when two of them are the same
    ask, when a standing decision says otherwise, or when one of ``asks`` stands on the roadmap by itself.
    """
    hold_grouping()
    into, *others = fresh_all([into, *asks, *apart])
    asks, apart = others[: len(asks)], others[len(asks) :]
    if len({into.pk, *(one.pk for one in others)}) <= len(others):
        raise Refusal(_("That is the same ask. Choose another one to join."))
    unwanted = {post.pk for post in left_out}
    held = {ask: posts_to_join(ask, into) for ask in asks}
    leaving = [pk for posts in held.values() for pk in posts if pk in unwanted]
    came_from = {ask: [pk for pk in posts if pk not in unwanted] for ask, posts in held.items()}
    answered_at = min(filter(None, [one.answered_at for one in (into, *asks)]), default=None)
    before = snapshot(
        asks={
            **{ask: {"state", "joined_into_id"} for ask in asks},
            into: {"answered_at"} if answered_at != into.answered_at else set(),
        },
        post_ids=[pk for posts in held.values() for pk in posts],
    )
    before["others"] = [ask.public_id for ask in asks[1:]]
    into.answered_at = answered_at
    into.save(update_fields=["answered_at"])
    overtake_proposals(asks, now=now, before=before)
    for some in batches(leaving):
        Membership.objects.filter(post__in=some).delete()
    parted = []
    if parting and leaving:
        rest = [post for post in left_out if post.pk in set(leaving)]
        parted = [part_off(posts=rest, ask=asks[0], actor=actor, now=now, before=before)]
    for ask, post_ids in came_from.items():
        take_along(post_ids, ask, into=into, actor=actor, now=now, seen_at=seen_at)
    for ask in asks:
        ask.state, ask.joined_into = Ask.State.JOINED, into
        ask.save(update_fields=["state", "joined_into"])
    first = asks[0]
    told = {"into": into.public_id, "into_title": into.title}
    decision = record(
        kind=Decision.Kind.JOIN,
        ask=first,
        other_ask=into,
        actor=actor,
        now=now,
        before=before,
        data={**told, "posts": len(came_from[first])},
    )
    for ask in asks[1:]:
        journal.write(
            verb=Verb.ASK_JOINED,
            subject=ask,
            actor_id=actor.pk,
            now=now,
            data={
                "decision": decision.public_id,
                "title": ask.title,
                **told,
                "posts": len(came_from[ask]),
            },
        )
    for one in apart:
        bind_apart(decision, [into, one])
    Bond.objects.bulk_create(
        (Bond(decision=decision, kind=Bond.Kind.NOT_HERE, post_id=pk, ask=into) for pk in leaving),
        batch_size=500,
    )
    recount([into.pk, *(ask.pk for ask in (*asks, *parted))])
    refuse_contradictions(decision)
    return decision


def posts_to_join(ask: Ask, into: Ask) -> list[int]:
    """Return the posts of ``ask``. Raises `Refusal` when it cannot become part of ``into``."""
    if ask.stage not in (Stage.UNDER_REVIEW, into.stage):
        raise Refusal(
            _(
                "“%(title)s” is already %(stage)s. Join the other way round, or move it to review first."
            )
            % {"title": ask.title, "stage": ask.get_stage_display().lower()}
        )
    post_ids = list(Membership.objects.filter(ask=ask).values_list("post", flat=True))
    refuse_what_was_said_otherwise(post_ids=post_ids, ask=into)
    if ask.is_public and not into.is_public:
        raise Refusal(
            _(
                "Nobody has confirmed “%(title)s” yet. Confirm it first, or join the other way round."
            )
            % {"title": into.title}
        )
    return post_ids


def take_along(
    post_ids: Sequence[int],
    ask: Ask,
    *,
    into: Ask,
    actor: User,
    now: dt.datetime,
    seen_at: dt.datetime | None,
) -> None:
    """Make the posts of ``ask`` confirmed members of ``into``; what was placed after ``seen_at`` nobody has looked at."""
    unseen: set[int] = set()
    if seen_at is not None:
        late = Membership.objects.filter(ask=ask, is_confirmed=False, placed_at__gt=seen_at)
        unseen = set(late.values_list("post", flat=True)) & set(post_ids)
        late.filter(post__in=unseen).update(ask=into)
    seen = [pk for pk in post_ids if pk not in unseen]
    place_by_person(post_ids=seen, ask=into, actor=actor, now=now, origin=ask)


def bind_apart(decision: Decision, asks: Sequence[Ask]) -> None:
    """Bind each post that is in one of ``asks`` now not to be in another of them."""
    for one, other in combinations(asks, 2):
        for home, elsewhere in ((one, other), (other, one)):
            inside = Membership.objects.filter(ask=home).values_list("post", flat=True)
            Bond.objects.bulk_create(
                (
                    Bond(decision=decision, kind=Bond.Kind.NOT_HERE, post_id=pk, ask=elsewhere)
                    for pk in inside
                ),
                batch_size=500,
            )
