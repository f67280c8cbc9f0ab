"""Which asks stand near each other."""

from collections import defaultdict

import numpy as np

from feedback.insight.corpus import vectors_of
from feedback.insight.encoder import current_model
from feedback.insight.models import Ask, Membership

#: Members of an ask that stand for it; more change its mean little.
SAMPLE = 30


def asks_near(ask: Ask, *, limit: int) -> list[Ask]:
    """Return the asks nearest in meaning to ``ask``, nearest first; empty before the first vectors."""
    model = current_model()
    if model is None:
        return []
    hashes: dict[int, list[str]] = defaultdict(list)
    for ask_id, content_hash in Membership.objects.filter(
        ask__state__in=[Ask.State.PUBLIC, Ask.State.PROPOSED]
    ).values_list("ask", "post__content_hash"):
        if len(hashes[ask_id]) < SAMPLE:
            hashes[ask_id].append(content_hash)
    if ask.pk not in hashes:
        return []
    vectors = vectors_of((one for held in hashes.values() for one in held), model=model)
    means = {}
    for ask_id, held in hashes.items():
        rows = [vectors[one] for one in held if one in vectors]
        if rows:
            means[ask_id] = np.mean(rows, axis=0)
    here = means.pop(ask.pk, None)
    if here is None:
        return []
    ranked = sorted(means, key=lambda pk: (-float(means[pk] @ here), pk))[:limit]
    found = Ask.objects.in_bulk(ranked)
    return [found[pk] for pk in ranked if pk in found]
