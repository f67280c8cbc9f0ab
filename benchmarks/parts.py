"""What one number per board hides: parts beside each other, halves that were not looked at, whole complaints, joins."""

import hashlib
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.boards import Board
from feedback.engine import Corpus, Grouper
from feedback.engine.stats.quality import quality

#: Small boards that come with the project, six wishes each.
SMALL = tuple(sorted((Path(__file__).parent / "data").glob("*.jsonl")))
#: A wish is whole when its largest ask holds this share of its posts in each language, and this share of the ask is its.
HELD, PURE = 0.6, 0.8
#: Asks this near, as a share of the joining threshold, are looked at: how many are one. A site proposes none for nearness.
NEARLY = 0.92
MEASURES = ("ari", "ami", "b_cubed")


def half_of(label: str) -> int:
    """Return which half of the true groups ``label`` is in; choices were made looking at half 0."""
    return hashlib.blake2b(f"7:{label}".encode(), digest_size=2).digest()[1] % 2


def halves(labels: list[str], found: np.ndarray) -> list[dict[str, float]]:
    """Return the quality of one grouping on the posts of either half of the true groups."""
    side = np.array([half_of(label) for label in labels])
    rows = [np.flatnonzero(side == half) for half in (0, 1)]
    scored = [quality([labels[row] for row in part], found[part]).as_dict() for part in rows]
    return [{name: one[name] for name in MEASURES} for one in scored]


def fragmentation(labels: list[str], found: np.ndarray) -> float:
    """Return 1 minus the share of a true group's posts in its largest ask, by posts of true groups of two and more."""
    asks: dict[str, Counter[int]] = {}
    for label, ask in zip(labels, found.tolist(), strict=True):
        asks.setdefault(label, Counter())[ask] += 1
    company = [counts for counts in asks.values() if counts.total() > 1]
    held = sum(max(counts.values()) for counts in company)
    return 1.0 - held / max(sum(counts.total() for counts in company), 1)


def proposed_joins(corpus: Corpus, labels: list[str], grouper: Grouper) -> dict[str, float]:
    """Return precision and recall of joining asks of two and more that are as near as a site would propose.

    Two asks are one when most posts of either have one true label; recall is over all such pairs.
    """
    vectors = grouper.space_.transform(corpus.vectors, corpus.languages)
    found = grouper.labels_
    asks = np.flatnonzero(np.bincount(found) > 1)
    if len(asks) < 2:
        return {"proposed": 0, "precision": 1.0, "recall": 1.0}
    rows = [np.flatnonzero(found == ask) for ask in asks]
    means = np.stack([vectors[part].mean(axis=0) for part in rows])
    most = np.array([Counter(labels[row] for row in part).most_common(1)[0][0] for part in rows])
    above = np.triu(np.ones((len(asks), len(asks)), dtype=bool), k=1)
    same = (most[:, None] == most[None, :]) & above
    near = (means @ means.T >= NEARLY * grouper.threshold_) & above
    right = int((same & near).sum())
    return {
        "proposed": int(near.sum()),
        "precision": round(right / max(int(near.sum()), 1), 4),
        "recall": round(right / max(int(same.sum()), 1), 4),
    }


def together(*parts: Corpus) -> Corpus:
    """Return several boards as one."""
    return Corpus(
        [f"{at}:{one}" for at, part in enumerate(parts) for one in part.ids],
        np.concatenate([part.vectors for part in parts]),
        [text for part in parts for text in part.texts],
        [title for part in parts for title in part.titles],
        [language for part in parts for language in part.languages],
        parts[0].views,
    )


def mixed(one: Board, other: Board) -> dict[str, Any]:
    """Return what each of two boards loses, in each measure, when both are one product."""
    both = Grouper().fit_predict(together(one.corpus, other.corpus))
    lost = {}
    for board, found in ((one, both[: len(one.labels)]), (other, both[len(one.labels) :])):
        alone = quality(board.labels, Grouper().fit_predict(board.corpus)).as_dict()
        beside = quality(board.labels, found).as_dict()
        lost[board.name] = {name: round(alone[name] - beside[name], 4) for name in MEASURES}
    return lost


def small(board: Board, large: Corpus | None) -> dict[str, float]:
    """Return pair F1 and wishes whole in all languages of a small board, alone or beside a ``large`` one."""
    corpus = board.corpus if large is None else together(board.corpus, large)
    found = Grouper().fit_predict(corpus)[: len(board.labels)]
    return wishes(board.labels, list(board.corpus.languages), found)


def wishes(said: list[str], spoken: list[str], found: np.ndarray) -> dict[str, float]:
    """Return pair F1 and wishes whole in all languages; of each post its wish, its language and its ask (n,)."""
    labels, languages = np.array(said), np.array(spoken)
    upper = np.triu_indices(len(labels), k=1)
    true = (labels[:, None] == labels[None, :])[upper]
    got = (found[:, None] == found[None, :])[upper]
    whole = 0
    for label in sorted(set(said)):
        mine = labels == label
        ask = Counter(found[mine].tolist()).most_common(1)[0][0]
        inside = found == ask
        held = [
            (inside & mine & (languages == one)).sum() / (mine & (languages == one)).sum()
            for one in sorted(set(languages[mine].tolist()))
        ]
        whole += min(held) >= HELD and (inside & mine).sum() >= PURE * inside.sum()
    pairs = 2.0 * float((true & got).sum()) / max(float(true.sum() + got.sum()), 1.0)
    return {"pair_f1": round(pairs, 4), "whole": int(whole), "wishes": len(set(said))}
