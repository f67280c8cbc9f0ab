"""Memberships and reasons, ready to be shown."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from feedback.accounts.models import User
from feedback.forum.models import Post
from feedback.insight.models import Membership


@dataclass(frozen=True)
class NearPost:
    """A post that a reason points at."""

    public_id: str
    title: str
    language: str
    similarity: float


@dataclass(frozen=True)
class ShownMembership:
    """Why a post is in its ask and who says so, as components/_reason.html reads it."""

    public_id: str
    source: str
    ground: str
    placed_by: User | None
    placed_at: dt.datetime
    model_key: str
    similarity: float | None
    is_confirmed: bool
    moved_from: str
    nearest: list[NearPost] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)


def shown(memberships: Sequence[Membership]) -> dict[int, ShownMembership]:
    """Return what to show of these memberships by post; one query for all the posts they point at."""
    wanted: set[str] = set()
    for membership in memberships:
        wanted.update(_near_ids(membership.reason))
    near = {
        post.public_id: post
        for post in Post.objects.filter(public_id__in=wanted, state=Post.State.PUBLISHED).only(
            "public_id", "title", "language"
        )
    }
    return {
        membership.post_id: ShownMembership(
            public_id=membership.post.public_id,
            source=membership.source,
            ground=str(membership.reason.get("ground", "")),
            placed_by=membership.actor,
            placed_at=membership.placed_at,
            model_key=membership.model_key,
            similarity=likeness(membership),
            is_confirmed=membership.is_confirmed,
            moved_from=str(membership.reason.get("from", "")),
            nearest=[
                NearPost(pid, near[pid].title, near[pid].language, similarity)
                for pid, similarity in membership.reason.get("nearest", [])
                if pid in near
            ],
            terms=list(membership.reason.get("terms", [])),
        )
        for membership in memberships
    }


def likeness(membership: Membership) -> float | None:
    """Return the cosine to the nearest post of the ask: what a reader means by "how alike"."""
    nearest = membership.reason.get("nearest") or []
    return float(nearest[0][1]) if nearest else membership.score


def _near_ids(reason: dict[str, Any]) -> Iterable[str]:
    return (pid for pid, _ in reason.get("nearest", []))
