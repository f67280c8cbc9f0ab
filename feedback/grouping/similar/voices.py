"""Quotes worth reading of an ask: not what most of its posts say once more, but what else they say."""

from dataclasses import dataclass

import numpy as np

from feedback.accounts.models import Role
from feedback.asks.models import Ask
from feedback.engine.describe.summaries import fit_to_quote
from feedback.engine.describe.voices import farthest_first
from feedback.forum.models import Post
from feedback.grouping.vectors.corpus import vectors_of
from feedback.grouping.vectors.encoders import current_model

#: Posts of an ask that are listened to, those that most people want first.
LISTENED_TO = 200


@dataclass(frozen=True)
class Voice:
    """A sentence of a post of an ask."""

    post: Post
    sentence: str


def voices_of(ask: Ask, *, limit: int) -> list[Voice]:
    """Return sentences of posts of ``ask`` that differ from each other in meaning, of people who may be quoted; [] before the first vectors.

    Three queries and one matrix of up to `LISTENED_TO` rows.
    """
    model = current_model()
    if model is None:
        return []
    said = Post.objects.filter(
        membership__ask=ask,
        state=Post.State.PUBLISHED,
        may_quote=True,
        author__role=Role.MEMBER,
        author__part_role="",
    )
    read = said.select_related("author").order_by("-vote_count", "-posted_at", "pk")[:LISTENED_TO]
    found: dict[int, Voice] = {}
    for post in read:
        sentence = max(
            fit_to_quote(f"{post.title}\n{post.body}", post.language), key=len, default=""
        )
        if sentence:
            found[post.pk] = Voice(post, sentence)
    vectors = vectors_of((one.post.content_hash for one in found.values()), model=model)
    heard = [one for one in found.values() if one.post.content_hash in vectors]
    if len(heard) < 2:
        return []
    matrix = np.stack([vectors[one.post.content_hash] for one in heard])
    return [heard[row] for row in farthest_first(matrix, count=limit)]
