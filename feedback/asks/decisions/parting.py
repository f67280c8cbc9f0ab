"""Making an ask of posts that leave another."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from feedback.accounts.models import User
from feedback.asks.decisions.recording import place_by_person
from feedback.asks.models import Ask, Proposal
from feedback.asks.stages import Stage
from feedback.asks.titles import tidy
from feedback.forum.models import Post


def part_off(
    *,
    posts: Sequence[Post],
    ask: Ask,
    title: str = "",
    is_public: bool = False,
    actor: User,
    now: dt.datetime,
    before: dict[str, Any],
) -> Ask:
    """Make an ask of ``posts``, the typical one first, that leave ``ask``; unless it is public it waits in the inbox.

    Without a ``title`` it is called after the first of them, until a run finds a better one. Notes in ``before``, the
    snapshot of the decision it is part of, that the ask was not there: undone, its link leads back. Call `recount` for it.
    """
    new = Ask.objects.create(
        product=ask.product,
        title=title or tidy(posts[0].title),
        title_source=Ask.Source.PERSON if title else Ask.Source.MACHINE,
        medoid=posts[0],
        state=Ask.State.PUBLIC if is_public else Ask.State.PROPOSED,
        split_from=ask,
        area=ask.area,
        area_source=ask.area_source,
        stage=Stage.UNDER_REVIEW,
        created_at=now,
        confirmed_at=now if is_public else None,
    )
    before["asks"][str(new.pk)] = {"state": Ask.State.JOINED, "joined_into_id": ask.pk}
    place_by_person(post_ids=[post.pk for post in posts], ask=new, actor=actor, now=now, origin=ask)
    if not is_public:
        Proposal.objects.create(
            kind=Proposal.Kind.NEW_ASK,
            fingerprint=f"new:{new.public_id}",
            ask=new,
            people_count=len({post.author_id for post in posts}),
            proposed_at=now,
        )
    return new


def parted_off(before: dict[str, Any]) -> dict[int, int]:
    """Return the asks that a decision made of posts of others, and the ask that each came from (ids)."""
    return {
        int(pk): fields["joined_into_id"]
        for pk, fields in before.get("asks", {}).items()
        if fields.get("state") == Ask.State.JOINED
    }
