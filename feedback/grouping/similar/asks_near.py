"""Which asks stand near each other."""

import heapq
import math
from collections import defaultdict
from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from feedback.asks.models import Ask, Membership
from feedback.grouping.models import EncoderModel
from feedback.grouping.vectors.corpus import each_vector, vectors_of
from feedback.grouping.vectors.encoders import current_model

#: Members of an ask that stand for it; more change its mean little. Of several groups that people made one, some of each.
SAMPLE = 30
#: The nearer half of them tells how near an ask is: what was joined need not be near in all its parts (ADR 0096).
NEARER = 2
#: Asks that are looked at by the one post in their middle, those of most people first.
LOOKED_AT = 5_000
#: Of those, so many times the asks wanted are compared by their members.
COMPARED = 4
#: What an ask of e times as many people is worth in likeness: what many want is more likely what some more of them want, and
#: the mean of a few posts is near to much by chance (ADR 0096).
PRIOR = 0.02


def asks_near(ask: Ask, *, limit: int) -> list[Ask]:
    """Return the asks of its product nearest in meaning to ``ask``, nearest first; empty before the first vectors.

    Of two that are as near the one of more people comes first. Reads one vector for each ask and then some of the nearest ones' members, however many posts there are.
    """
    model = current_model()
    if model is None:
        return []
    own = _samples([ask.pk], model=model).get(ask.pk)
    if own is None:
        return []
    here = own.mean(axis=0)
    looked_at = _looked_at(ask)
    nearest = _by_medoid(looked_at, here, count=COMPARED * limit, model=model)
    likely = {
        pk: _likeness(rows @ here) + looked_at[pk][1]
        for pk, rows in _samples(nearest, model=model).items()
    }
    ranked = sorted(likely, key=lambda pk: (-likely[pk], pk))[:limit]
    found = Ask.objects.in_bulk(ranked)
    return [found[pk] for pk in ranked if pk in found]


def _looked_at(ask: Ask) -> dict[int, tuple[str, float]]:
    """Return the hash of the middle post of each ask that is looked at, and what its people are worth, by primary key."""
    others = (
        Ask.objects.open()
        .filter(product=ask.product_id, post_count__gt=0)
        .exclude(pk=ask.pk)
        .order_by("-people_count", "id")
        .values_list("pk", "medoid__content_hash", "people_count")[:LOOKED_AT]
    )
    return {pk: (medoid, PRIOR * math.log(max(people, 1))) for pk, medoid, people in others}


def _by_medoid(
    asks: Mapping[int, tuple[str, float]],
    here: NDArray[np.float32],
    *,
    count: int,
    model: EncoderModel,
) -> list[int]:
    """Return the ``count`` of ``asks`` whose middle post, with what their people are worth, is nearest to ``here`` (dims,)."""
    asks_of: dict[str, list[int]] = defaultdict(list)
    for pk, (content_hash, _) in asks.items():
        asks_of[content_hash].append(pk)
    scored = (
        (float(vector @ here) + asks[pk][1], -pk)
        for content_hash, vector, _ in each_vector(asks_of, model=model)
        for pk in asks_of[content_hash]
    )
    return [-pk for _, pk in heapq.nlargest(count, scored)]


def _likeness(cosines: NDArray[np.float32]) -> float:
    """Return the mean of the nearer half of ``cosines`` (n,)."""
    half = -(-len(cosines) // NEARER)
    return float(np.sort(cosines)[-half:].mean())


def _samples(ask_ids: Collection[int], *, model: EncoderModel) -> dict[int, NDArray[np.float32]]:
    """Return the vectors (n, dims) of up to `SAMPLE` members of each ask that has any with one: any of them, the same each time."""
    hashes: dict[int, list[str]] = {}
    for pk in ask_ids:
        members = Membership.objects.filter(ask=pk).order_by("post__content_hash")
        hashes[pk] = list(members.values_list("post__content_hash", flat=True)[:SAMPLE])
    vectors = vectors_of((one for held in hashes.values() for one in held), model=model)
    samples = {}
    for pk, held in hashes.items():
        rows = [vectors[one] for one in held if one in vectors]
        if rows:
            samples[pk] = np.stack(rows).astype(np.float32)
    return samples
