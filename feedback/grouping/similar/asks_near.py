"""Which asks stand near each other."""

import math
from collections import OrderedDict, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from django.db.models import Max, Window
from django.db.models.functions import RowNumber
from numpy.typing import NDArray

from feedback.asks.models import Ask, Membership
from feedback.grouping.models import EncoderModel, Run
from feedback.grouping.vectors.corpus import vectors_of
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
#: Products whose middles a process keeps: up to five megabytes each.
_KEPT = 4


def asks_near(ask: Ask, *, limit: int) -> list[Ask]:
    """Return the asks of its product nearest in meaning to ``ask``, nearest first; empty before the first vectors.

    Of two that are as near the one of more people comes first. Reads some members of the nearest ones, however many posts
    there are.
    """
    model = current_model()
    if model is None:
        return []
    own = _samples([ask.pk], model=model).get(ask.pk)
    if own is None:
        return []
    here = own.mean(axis=0)
    nearest = _middles(ask.product_id, model=model).nearest(here, COMPARED * limit, but=ask.pk)
    samples = _samples(list(nearest), model=model)
    likely = {pk: _likeness(rows @ here) + nearest[pk] for pk, rows in samples.items()}
    ranked = sorted(likely, key=lambda pk: (-likely[pk], pk))
    found = Ask.objects.open().in_bulk(ranked)
    return [found[pk] for pk in ranked if pk in found][:limit]


@dataclass(frozen=True)
class _Middles:
    """The posts in the middle of asks: ``rows`` (n, dims) of the asks ``pks`` (n,), and what their people are worth, ``worth`` (n,)."""

    state: tuple[str, int, int]
    pks: NDArray[np.int64]
    rows: NDArray[np.float16]
    worth: NDArray[np.float32]

    def nearest(self, here: NDArray[np.float32], count: int, *, but: int) -> dict[int, float]:
        """Return the ``count`` asks nearest to ``here`` (dims,), each with what its people are worth."""
        if not len(self.pks):
            return {}
        scores = self.rows.astype(np.float32) @ here + self.worth
        order = [at for at in np.argsort(-scores, kind="stable").tolist() if self.pks[at] != but]
        return {int(self.pks[at]): float(self.worth[at]) for at in order[:count]}


#: In each process, by product, until a run or somebody makes other asks.
_kept: OrderedDict[int, _Middles] = OrderedDict()


def forget() -> None:
    """Drop what is kept: the database is another."""
    _kept.clear()


def _middles(product_id: int, *, model: EncoderModel) -> _Middles:
    """Return the middles of the asks of a product as they were when the last ask of it was made, or the last run was over."""
    asks = Ask.objects.filter(product=product_id)
    runs = Run.objects.filter(product=product_id, state=Run.State.DONE)
    newest = (asks.aggregate(pk=Max("pk"))["pk"] or 0, runs.aggregate(pk=Max("pk"))["pk"] or 0)
    state = (model.model_key, *newest)
    kept = _kept.get(product_id)
    if kept is not None and kept.state == state:
        return kept
    there = Ask.objects.open().filter(product=product_id, post_count__gt=0)
    read = there.order_by("-people_count", "id").values_list(
        "pk", "medoid__content_hash", "people_count"
    )[:LOOKED_AT]
    vectors = vectors_of((one for _, one, _ in read), model=model)
    known = [(pk, one, people) for pk, one, people in read if one in vectors]
    rows = np.zeros((len(known), model.dims), dtype=np.float16)
    for at, (_, one, _) in enumerate(known):
        rows[at] = vectors[one]
    _kept[product_id] = _Middles(
        state,
        np.array([pk for pk, _, _ in known], dtype=np.int64),
        rows,
        np.array([PRIOR * math.log(max(people, 1)) for *_, people in known], dtype=np.float32),
    )
    while len(_kept) > _KEPT:
        _kept.popitem(last=False)
    return _kept[product_id]


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
