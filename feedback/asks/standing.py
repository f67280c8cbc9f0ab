"""What people decided, in the words of the engine."""

import datetime as dt

from feedback.asks.models import Ask, Bond, Decision, Membership
from feedback.engine.rules.constraints import Constraints


def standing(*, released_since: dt.datetime | None = None) -> Constraints:
    """Return every decision that stands: pins, bonds and locks.

    Posts are named by primary key, asks by public id. ``released_since`` is when the last run
    started: posts of decisions undone after it are judged afresh.
    """
    pinned: dict[int | str, str] = dict(
        Membership.objects.filter(is_confirmed=True).values_list("post", "ask__public_id")
    )
    together, apart, excluded = [], [], []
    for kind, post, other, ask in Bond.objects.filter(decision__undone_at__isnull=True).values_list(
        "kind", "post", "other_post", "ask__public_id"
    ):
        if kind == Bond.Kind.TOGETHER:
            together.append((post, other))
        elif kind == Bond.Kind.APART:
            apart.append((post, other))
        elif pinned.get(post) != ask:
            excluded.append((post, ask))
    locked = set(
        Ask.objects.filter(is_locked=True)
        .exclude(state__in=[Ask.State.JOINED, Ask.State.RETIRED])
        .values_list("public_id", flat=True)
    )
    return Constraints(
        together=together,
        apart=apart,
        pinned=pinned,
        excluded=excluded,
        locked=locked,
        released=_released(released_since),
    )


def _released(since: dt.datetime | None) -> set[int]:
    if since is None:
        return set()
    undone = Decision.objects.filter(undone_at__gte=since)
    posts = set(Bond.objects.filter(decision__in=undone).values_list("post", flat=True))
    for before in undone.values_list("before", flat=True):
        posts.update(int(pk) for pk in before.get("memberships", {}))
    return posts


def watermark() -> tuple[int, int]:
    """Return a mark that changes with every decision made or undone."""
    last = Decision.objects.order_by("-id").values_list("id", flat=True).first() or 0
    return last, Decision.objects.filter(undone_at__isnull=False).count()
