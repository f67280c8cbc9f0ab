"""Which asks stand near each other."""

import heapq
from collections import defaultdict
from collections.abc import Collection

import numpy as np
from django.db.models import F, QuerySet
from numpy.typing import NDArray

from feedback.asks.models import Ask, Membership
from feedback.grouping.models import EncoderModel
from feedback.grouping.vectors.corpus import each_vector, vectors_of
from feedback.grouping.vectors.encoders import current_model

#: Members of an ask that stand for it; more change its mean little.
SAMPLE = 30
#: Asks that are looked at by the one post in their middle, those of most people first.
LOOKED_AT = 5_000
#: Of those, so many times the asks wanted are compared by their members.
COMPARED = 4


def asks_near(ask: Ask, *, limit: int, among: QuerySet[Ask] | None = None) -> list[Ask]:
    """Return the asks of its product nearest in meaning to ``ask``, nearest first; empty before the first vectors.

    Looked for ``among`` some of the open ones, or among all of them (None).
    Reads one vector for each ask and then some of the nearest ones' members, however many posts there are.
    """
    model = current_model()
    if model is None:
        return []
    here = _means([ask.pk], model=model).get(ask.pk)
    if here is None:
        return []
    among = Ask.objects.open() if among is None else among
    nearest = _by_medoid(ask, here, among, count=COMPARED * limit, model=model)
    means = _means(nearest, model=model)
    ranked = sorted(means, key=lambda pk: (-float(means[pk] @ here), pk))[:limit]
    found = Ask.objects.in_bulk(ranked)
    return [found[pk] for pk in ranked if pk in found]


def _by_medoid(
    ask: Ask,
    here: NDArray[np.float32],
    among: QuerySet[Ask],
    *,
    count: int,
    model: EncoderModel,
) -> list[int]:
    """Return the ``count`` asks other than ``ask`` whose middle post is nearest to ``here`` (dims,)."""
    asks_of: dict[str, list[int]] = defaultdict(list)
    for pk, content_hash in (
        among.filter(product=ask.product_id, post_count__gt=0)
        .exclude(pk=ask.pk)
        .order_by("-people_count", "id")
        .values_list("pk", "medoid__content_hash")[:LOOKED_AT]
    ):
        asks_of[content_hash].append(pk)
    scored = (
        (float(vector @ here), -pk)
        for content_hash, vector, _ in each_vector(asks_of, model=model)
        for pk in asks_of[content_hash]
    )
    return [-pk for _, pk in heapq.nlargest(count, scored)]


def _means(ask_ids: Collection[int], *, model: EncoderModel) -> dict[int, NDArray[np.float32]]:
    """Return the mean vector (dims,) of up to `SAMPLE` members of each ask that has any with a vector."""
    hashes: dict[int, list[str]] = {}
    for pk in ask_ids:
        members = Membership.objects.filter(ask=pk).order_by(F("score").desc(nulls_last=True), "pk")
        hashes[pk] = list(members.values_list("post__content_hash", flat=True)[:SAMPLE])
    vectors = vectors_of((one for held in hashes.values() for one in held), model=model)
    means: dict[int, NDArray[np.float32]] = {}
    for pk, held in hashes.items():
        rows = [vectors[one] for one in held if one in vectors]
        if rows:
            means[pk] = np.asarray(np.mean(rows, axis=0), dtype=np.float32)
    return means
