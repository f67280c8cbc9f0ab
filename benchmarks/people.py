"""What people see of a grouping over time: growth, locks, decisions, answers to questions."""

from typing import Any

import numpy as np

from feedback.engine import Constraints, Corpus, Grouper, kept
from feedback.engine.stats.quality import quality

#: Answers that are simulated, and questions that are asked between two runs.
ANSWERS = 50
ROUND = 10
#: One ask in so many is locked.
LOCKED = 5


def growth(corpus: Corpus, share: float, seed: int) -> float:
    """Return the share of posts that keep their ask when the board grows from ``share`` of it to all."""
    before = Grouper().fit(_part(corpus, share, seed)).keys_
    return kept(before, Grouper().fit(corpus, previous=before).keys_)


def locked(corpus: Corpus, seed: int) -> float:
    """Return the share of posts of locked asks that stay when the board doubles; 0 if anybody was put in."""
    before = Grouper().fit(_part(corpus, 0.5, seed)).keys_
    keys = set(sorted(set(before.values()))[::LOCKED])
    after = Grouper().fit(corpus, Constraints(locked=keys), before).keys_
    members = {i for i, key in before.items() if key in keys}
    entered = {i for i, key in after.items() if key in keys} - members
    held = sum(after[i] == before[i] for i in members) / max(len(members), 1)
    return 0.0 if entered else held


def answered(corpus: Corpus, labels: list[str], before: dict[str, float]) -> dict[str, Any]:
    """Return quality after `ANSWERS` of the questions that Heed asks, answered by the labels.

    Also the share of the answers that hold in the last run, and in a run after it in another order.
    """
    truth = dict(zip(corpus.ids, labels, strict=True))
    together: list[tuple[Any, Any]] = []
    apart: list[tuple[Any, Any]] = []
    grouper = Grouper().fit(corpus)
    while len(together) + len(apart) < ANSWERS:
        wanted = min(ROUND, ANSWERS - len(together) - len(apart))
        questions = grouper.questions(wanted)
        for one in questions:
            (together if truth[one.a] == truth[one.b] else apart).append((one.a, one.b))
        if not questions:
            break
        grouper = Grouper().fit(corpus, Constraints(together=together, apart=apart))
    after = quality(labels, grouper.labels_).as_dict()
    turned = corpus.take(np.arange(len(corpus))[::-1])
    again = Grouper().fit(turned, Constraints(together=together, apart=apart), grouper.keys_)
    holds = [
        (keys[a] == keys[b]) == same
        for keys in (grouper.keys_, again.keys_)
        for pairs, same in ((together, True), (apart, False))
        for a, b in pairs
    ]
    return {
        "answers": len(together) + len(apart),
        "same": len(together),
        **{name: after[name] for name in ("ari", "ami", "b_cubed")},
        "gain": {name: round(after[name] - before[name], 4) for name in ("ari", "ami", "b_cubed")},
        "decisions_held": float(np.mean(holds)) if holds else 1.0,
    }


def _part(corpus: Corpus, share: float, seed: int) -> Corpus:
    rows = np.random.default_rng(seed).permutation(len(corpus))[: max(1, int(len(corpus) * share))]
    return corpus.take(np.sort(rows))
