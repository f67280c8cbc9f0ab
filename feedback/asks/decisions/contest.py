"""The author says: this is not the same."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.asks.counts import recount
from feedback.asks.decisions.contradictions import refuse_contradictions
from feedback.asks.decisions.recording import record, snapshot
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Bond, Decision, Membership, Proposal
from feedback.forum.models import Post
from feedback.kernel.refusals import Refusal


@transaction.atomic
def contest(*, post: Post, author: User, now: dt.datetime) -> Decision:
    """Take ``post`` out of its ask at once and tell the team. Only its author may.

    Raises `Refusal` when the post belongs to no ask or to somebody else.
    """
    hold_grouping()
    if post.author_id != author.pk:
        raise Refusal(_("Only the author of a post can say that it is not the same."))
    membership = Membership.objects.filter(post=post).select_related("ask").first()
    if membership is None:
        raise Refusal(_("“%s” belongs to no ask.") % post.title)
    ask = membership.ask
    before = snapshot(asks={}, post_ids=[post.pk])
    # The author's word about their own post goes before what the team said of it and another.
    said = Bond.objects.filter(
        Q(post=post) | Q(other_post=post),
        kind=Bond.Kind.TOGETHER,
        decision__undone_at__isnull=True,
    )
    before["bonds"] = [[bond.decision_id, bond.post_id, bond.other_post_id] for bond in said]
    said.delete()
    membership.delete()
    decision = record(
        kind=Decision.Kind.CONTEST,
        ask=ask,
        actor=author,
        now=now,
        before=before,
        data={"post": post.public_id, "post_title": post.title},
    )
    Bond.objects.create(decision=decision, kind=Bond.Kind.NOT_HERE, post=post, ask=ask)
    Proposal.objects.update_or_create(
        fingerprint=f"contest:{post.public_id}:{ask.public_id}",
        defaults={
            "kind": Proposal.Kind.CONTEST,
            "state": Proposal.State.OPEN,
            "ask": ask,
            "post": post,
            "people_count": 1,
            "proposed_at": now,
            "decided_by": None,
            "decided_at": None,
            "evidence": {"contest": decision.public_id},
        },
    )
    recount([ask.pk])
    refuse_contradictions(decision)
    return decision
