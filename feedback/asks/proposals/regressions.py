"""A post that asks for what was shipped before it was written: perhaps it is not really fixed."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import F

from feedback.accounts.models import User
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
            fingerprint=_fingerprint(ask),
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
            public_ids = [*proposal.evidence.get("posts", []), post.public_id]
            evidence = proposal.evidence | {"posts": public_ids}
            Proposal.objects.filter(pk=proposal.pk).update(
                evidence=evidence, people_count=F("people_count") + 1
            )
    return proposed


def propose_still_broken(
    *, ask: Ask, people: Collection[int], report: Mapping[str, Any], now: dt.datetime
) -> Proposal | None:
    """Propose to look again at ``ask``, which ``people`` (their ids) call broken in ``report``; None when it has not shipped.

    The proposal is the one that posts raise too, once for each time the ask shipped: where there is one, it is kept up
    for as long as nobody has decided about it. ``report`` says which report it was, as JSON. Lock contract: call under `hold_grouping`.
    """
    if ask.stage != Stage.SHIPPED or ask.stage_changed_at is None:
        return None
    proposal, _ = Proposal.objects.get_or_create(
        fingerprint=_fingerprint(ask),
        defaults={
            "kind": Proposal.Kind.REGRESSION,
            "ask": ask,
            "evidence": {"posts": []},
            "proposed_at": now,
        },
    )
    if proposal.state != Proposal.State.OPEN:
        return proposal
    posts = proposal.evidence.get("posts", [])
    authors = User.objects.filter(posts__public_id__in=posts).values_list("pk", flat=True)
    proposal.evidence["report"] = {**report, "people": len(people)}
    proposal.people_count = len({*authors, *people})
    if not proposal.people_count:
        proposal.state = Proposal.State.STALE  # they took it back
    proposal.save(update_fields=["evidence", "people_count", "state"])
    return proposal


def _fingerprint(ask: Ask) -> str:
    """Return what one shipping of ``ask`` is called among the proposals."""
    return f"regression:{ask.public_id}:{ask.stage_changed_at:%Y%m%d%H%M%S}"
