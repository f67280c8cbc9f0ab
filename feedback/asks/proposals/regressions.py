"""A post that asks for what was shipped before it was written: perhaps it is not really fixed."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import F

from feedback.asks.models import Ask, Proposal
from feedback.asks.stages import Stage
from feedback.forum.models import Post


def propose_regressions(placed: Iterable[tuple[Ask, int]], *, now: dt.datetime) -> int:
    """Propose to look again at the shipped asks that (ask, post id) pairs put a later post into; return how many.

    One proposal for each time an ask shipped; later posts are added to it. Posts written before the ask shipped
    say nothing of it, however late they arrive, and who praises it asks for nothing. Lock contract: call under `hold_grouping`.
    """
    shipped = [(ask, pk) for ask, pk in placed if ask.stage == Stage.SHIPPED]
    posts = Post.objects.in_bulk([pk for _, pk in shipped])
    proposed = 0
    for ask, pk in shipped:
        post = posts.get(pk)
        if post is None or ask.stage_changed_at is None or post.posted_at <= ask.stage_changed_at:
            continue
        if post.kind == Post.Kind.PRAISE:
            continue
        proposed += 1
        proposal, made = Proposal.objects.get_or_create(
            fingerprint=f"regression:{ask.public_id}:{ask.stage_changed_at:%Y%m%d%H%M%S}",
            defaults={
                "kind": Proposal.Kind.REGRESSION,
                "ask": ask,
                "post": post,
                "people_count": 1,
                "evidence": {"posts": [post.public_id]},
                "proposed_at": now,
            },
        )
        if not made and post.public_id not in proposal.evidence.get("posts", []):
            evidence = {"posts": [*proposal.evidence.get("posts", []), post.public_id]}
            Proposal.objects.filter(pk=proposal.pk).update(
                evidence=evidence, people_count=F("people_count") + 1
            )
    return proposed
