"""What a run notes of posts: that it looked at them, and which of them say too little to be grouped."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from feedback.asks.models import PlacementAttempt
from feedback.forum.models import Post
from feedback.forum.queries import grouped_posts
from feedback.grouping.models import EncoderModel, Run
from feedback.kernel.batches import batches

#: Marks that are written in one transaction.
_WRITTEN = 300


def differing_marks(
    idle: Mapping[int, str], looked_at: Collection[int], *, run: Run, model: EncoderModel
) -> Iterator[dict[str, Any]]:
    """Yield, in pieces, the marks of posts that are to be written.

    ``idle`` is why a post says too little, ``looked_at`` the posts that the run has read. What somebody edited since it
    began is left to be looked at again.
    """
    seen = set(looked_at)
    now = {
        pk: (words, key, mark)
        for pk, words, key, mark in PlacementAttempt.objects.filter(
            post__board__product=run.product
        ).values_list("post", "content_hash", "model_key", "boilerplate")
    }
    posts = grouped_posts(run.product).exclude(edited_at__gt=run.started_at)
    words_of = dict(posts.values_list("pk", "content_hash"))
    rows = [
        [pk, words_of[pk], idle.get(pk, "")]
        for pk in sorted(seen & words_of.keys())
        if now.get(pk) != (words_of[pk], model.model_key, idle.get(pk, ""))
    ]
    cleared = sorted(pk for pk, (_, _, mark) in now.items() if mark and pk not in seen)
    for start in range(0, len(rows), _WRITTEN):
        yield {"rows": rows[start : start + _WRITTEN], "cleared": []}
    for some in batches(cleared):
        yield {"rows": [], "cleared": some}


def write_marks(data: Mapping[str, Any], *, run: Run, now: dt.datetime) -> None:
    """Write a piece of `differing_marks`. Lock contract: as `AsksStep.write`."""
    PlacementAttempt.objects.filter(post__in=data["cleared"]).update(boilerplate="")
    there = dict(
        Post.objects.filter(pk__in=[pk for pk, _, _ in data["rows"]]).values_list(
            "pk", "content_hash"
        )
    )
    PlacementAttempt.objects.bulk_create(
        [
            PlacementAttempt(
                post_id=pk,
                content_hash=words,
                model_key=run.model_key,
                boilerplate=mark,
                looked_at=now,
            )
            for pk, words, mark in data["rows"]
            if there.get(pk) == words
        ],
        update_conflicts=True,
        unique_fields=["post"],
        update_fields=["content_hash", "model_key", "boilerplate"],
    )
