"""Which asks stand near each other."""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping

import numpy as np
from django.db.models import Window
from django.db.models.functions import RowNumber
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
LOOKED_AT = 2_000
#: Of those, so many times the asks wanted are compared by their members.
COMPARED = 3
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


#: In each process: the vectors of middle posts, by model and text, which are read again for every new ask.
_medoids: dict[tuple[str, str], NDArray[np.float16]] = {}
#: So many are kept, a few kilobytes each.
_KEPT = 3 * LOOKED_AT


def _vectors_of_medoids(
    hashes: Collection[str], *, model: EncoderModel
) -> dict[str, NDArray[np.float16]]:
    """Return the vectors (dims,) of these texts, of those that have one; only those not kept yet are read."""
    found = {
        one: kept for one in hashes if (kept := _medoids.get((model.model_key, one))) is not None
    }
    missing = [one for one in hashes if one not in found]
    for content_hash, vector, _ in each_vector(missing, model=model) if missing else ():
        found[content_hash] = vector.astype(np.float16)
    if len(_medoids) + len(missing) > _KEPT:
        _medoids.clear()
    _medoids.update({(model.model_key, one): found[one] for one in missing if one in found})
    return found


def _by_medoid(
    asks: Mapping[int, tuple[str, float]],
    here: NDArray[np.float32],
    *,
    count: int,
    model: EncoderModel,
) -> list[int]:
    """Return the ``count`` of ``asks`` whose middle post, with what their people are worth, is nearest to ``here`` (dims,)."""
    vectors = _vectors_of_medoids({content_hash for content_hash, _ in asks.values()}, model=model)
    known = [pk for pk, (content_hash, _) in asks.items() if content_hash in vectors]
    if not known:
        return []
    rows = np.stack([vectors[asks[pk][0]] for pk in known]).astype(np.float32)
    scores = rows @ here + np.array([asks[pk][1] for pk in known], dtype=np.float32)
    return [known[at] for at in np.argsort(-scores, kind="stable")[:count].tolist()]


def _likeness(cosines: NDArray[np.float32]) -> float:
    """Return the mean of the nearer half of ``cosines`` (n,)."""
    half = -(-len(cosines) // NEARER)
    return float(np.sort(cosines)[-half:].mean())


def _samples(ask_ids: Collection[int], *, model: EncoderModel) -> dict[int, NDArray[np.float32]]:
    """Return the vectors (n, dims) of up to `SAMPLE` members of each ask that has any with one: any of them, the same each time."""
    number = Window(RowNumber(), partition_by="ask", order_by="post__content_hash")
    members = Membership.objects.filter(ask__in=list(ask_ids)).annotate(number=number)
    hashes: dict[int, list[str]] = defaultdict(list)
    for pk, content_hash in members.filter(number__lte=SAMPLE).values_list(
        "ask", "post__content_hash"
    ):
        hashes[pk].append(content_hash)
    vectors = vectors_of((one for held in hashes.values() for one in held), model=model)
    samples = {}
    for pk, held in hashes.items():
        rows = [vectors[one] for one in held if one in vectors]
        if rows:
            samples[pk] = np.stack(rows).astype(np.float32)
    return samples
