"""Joining asks, splitting one, moving a post."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks.counts import recount
from feedback.asks.decisions.contradictions import (
    refuse_contradictions,
    refuse_what_was_said_otherwise,
)
from feedback.asks.decisions.join import join_several
from feedback.asks.decisions.parting import part_off
from feedback.asks.decisions.recording import (
    fresh,
    place_by_person,
    products_of,
    record,
    refuse_two_products,
    snapshot,
)
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Ask, Bond, Decision, Membership, Proposal
from feedback.forum.models import TITLE_LENGTH, Post
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal


@by_manager
def join_asks(*, ask: Ask, into: Ask, actor: User, now: dt.datetime) -> Decision:
    """Join ``ask`` into ``into``; see `join_several`."""
    return join_several(asks=[ask], into=into, actor=actor, now=now)


@by_manager
@transaction.atomic
def split_ask(
    *, ask: Ask, posts: Collection[Post], title: str, actor: User, now: dt.datetime
) -> Decision:
    """Make a new ask of some of the posts of ``ask``. The decision's ``other_ask`` is the new one.

    Raises `Refusal` when the posts are none, all, or not of this ask, and without a title.
    """
    hold_grouping()
    ask = fresh(ask)
    members = set(Membership.objects.filter(ask=ask).values_list("post", flat=True))
    chosen = [post for post in posts if post.pk in members]
    title = typed.line(title, most=TITLE_LENGTH)
    if not chosen or len(chosen) != len(posts):
        raise Refusal(_("Choose one post or more of this ask to split off."))
    if len(chosen) == len(members):
        raise Refusal(_("Leave at least one post in the ask; to change its name, rename it."))
    if not title:
        raise Refusal(_("Give the new ask a title."))
    post_ids = [post.pk for post in chosen]
    before = snapshot(asks={}, post_ids=post_ids)
    new = part_off(
        posts=chosen,
        ask=ask,
        title=title,
        is_public=ask.is_public,
        actor=actor,
        now=now,
        before=before,
    )
    decision = record(
        kind=Decision.Kind.SPLIT,
        ask=ask,
        other_ask=new,
        actor=actor,
        now=now,
        before=before,
        data={"new": new.public_id, "new_title": new.title, "posts": len(post_ids)},
    )
    Bond.objects.bulk_create(
        Bond(decision=decision, kind=Bond.Kind.NOT_HERE, post_id=pk, ask=ask) for pk in post_ids
    )
    recount([ask.pk, new.pk])
    refuse_contradictions(decision)
    return decision


@by_manager
@transaction.atomic
def start_ask(*, posts: Collection[Post], title: str, actor: User, now: dt.datetime) -> Decision:
    """Make a public ask of posts that have none. Raises `Refusal`."""
    hold_grouping()
    post_ids = [post.pk for post in posts]
    title = typed.line(title, most=TITLE_LENGTH)
    if not post_ids or Membership.objects.filter(post__in=post_ids).exists():
        raise Refusal(_("Choose posts that belong to no ask yet."))
    if not title:
        raise Refusal(_("Give the new ask a title."))
    about = products_of(post_ids)
    refuse_two_products(about)
    (product_id,) = about
    ask = Ask(
        product_id=product_id,
        title=title,
        title_source=Ask.Source.PERSON,
        medoid=next(iter(posts)),
        state=Ask.State.PUBLIC,
        created_at=now,
        confirmed_at=now,
    )
    ask.save()
    before = snapshot(asks={}, post_ids=post_ids)
    # What undoing restores of an ask that was not there: nothing holds it any more.
    before["asks"][str(ask.pk)] = {"state": Ask.State.RETIRED}
    place_by_person(post_ids=post_ids, ask=ask, actor=actor, now=now)
    decision = record(
        kind=Decision.Kind.CONFIRM,
        ask=ask,
        actor=actor,
        now=now,
        before=before,
        data={"posts": len(post_ids)},
    )
    recount([ask.pk])
    refuse_contradictions(decision)
    return decision


@by_manager
def move_post(*, post: Post, to: Ask | None, actor: User, now: dt.datetime) -> Decision:
    """Move one post; see `move_posts`."""
    return move_posts(posts=[post], to=to, actor=actor, now=now)


@by_manager
@transaction.atomic
def move_posts(
    *, posts: Collection[Post], to: Ask | None, actor: User, now: dt.datetime
) -> Decision:
    """Move posts of one ask into the ask ``to``, or out of their ask when ``to`` is None.

    A post never returns to the ask it left unless a person says so. Moving posts to the ask they are in
    already confirms them there. Raises `Refusal`.
    """
    hold_grouping()
    post_ids = [post.pk for post in posts]
    origins = list(Ask.objects.filter(memberships__post__in=post_ids).distinct())
    if not post_ids:
        raise Refusal(_("Choose one post or more."))
    if len(origins) > 1:
        raise Refusal(_("Move posts of one ask at a time."))
    origin = origins[0] if origins else None
    target = fresh(to) if to else None
    first = next(iter(posts))
    if origin is None and target is None:
        raise Refusal(_("“%s” belongs to no ask.") % first.title)
    if target is not None:
        refuse_two_products({target.product_id} | products_of(post_ids))
        refuse_what_was_said_otherwise(post_ids=post_ids, ask=target)
    touched = [ask for ask in (origin, target) if ask is not None]
    before = snapshot(asks={}, post_ids=post_ids)
    if target is None:
        Membership.objects.filter(post__in=post_ids).delete()
    else:
        place_by_person(post_ids=post_ids, ask=target, actor=actor, now=now, origin=origin)
    decision = record(
        kind=Decision.Kind.MOVE,
        ask=touched[0],
        other_ask=target if target is not None and target != touched[0] else None,
        actor=actor,
        now=now,
        before=before,
        data={
            "posts": [post.public_id for post in posts],
            "to": target.public_id if target else None,
            "to_title": target.title if target else None,
        },
    )
    if origin is not None and origin != target:
        Bond.objects.bulk_create(
            Bond(decision=decision, kind=Bond.Kind.NOT_HERE, post_id=pk, ask=origin)
            for pk in post_ids
        )
    Proposal.objects.filter(
        post__in=post_ids,
        kind__in=[Proposal.Kind.MOVE, Proposal.Kind.SAME],
        state=Proposal.State.OPEN,
    ).update(state=Proposal.State.STALE, decided_at=now)
    recount(ask.pk for ask in touched)
    refuse_contradictions(decision)
    return decision
