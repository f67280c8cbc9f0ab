"""Placing one post at once, against the groups that exist, without grouping anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from .align import Key
from .boilerplate import boilerplate
from .constraints import Constraints
from .contraction import squeezed
from .corpus import Corpus, Floats, Id, Ints, Space
from .reasons import Ground, Near, Reason, nearest_among
from .titles import Keywords


@dataclass(frozen=True)
class Candidate:
    """A group a post might belong to: its mean similarity, and its post that is nearest."""

    key: Key
    score: float
    nearest: Near


@dataclass(frozen=True)
class Placement:
    """Where a post goes: ``key`` (None: it stays unplaced), ``score``, why, and the nearest groups.

    ``nearest`` are the most similar posts of the board, placed or not.
    """

    id: Id
    key: Key | None
    score: float
    reason: Reason
    candidates: tuple[Candidate, ...]
    nearest: tuple[Near, ...]


#: Posts with which the placing threshold is found.
_SAMPLE = 2_000
USUAL_THRESHOLD = 0.35
#: Share of the posts that a stricter threshold may get wrong beyond the best one.
_SLACK = 0.01


def placing_threshold(vectors: Floats, labels: Ints, idle: np.ndarray) -> float:
    """Return the mean cosine similarity from which one post joins a group, learned from a finished grouping.

    Every post (up to `_SAMPLE`, evenly spread) is taken out and offered to all groups. Those that have company
    should go home, those that are alone should stay unplaced. Of the thresholds that get most of them right, the
    strictest is taken: a post wrongly placed annoys its author, one unplaced waits for the next grouping.
    ``vectors`` (n, d), ``labels`` (n,), ``idle`` (n,) marks boilerplate, which does not count.
    """
    n = len(labels)
    counts = np.bincount(labels) if n else np.zeros(0, dtype=np.int64)
    asked = np.flatnonzero(~idle)
    if len(asked) < 20:
        return USUAL_THRESHOLD
    asked = asked[np.linspace(0, len(asked) - 1, min(len(asked), _SAMPLE)).astype(np.int64)]
    sums = np.asarray(csr_matrix((np.ones(n, dtype=np.float32), (labels, np.arange(n)))) @ vectors)
    home = labels[asked]
    scores = vectors[asked] @ (sums / counts[:, None]).T
    rows = np.arange(len(asked))
    own = np.einsum("ij,ij->i", vectors[asked], sums[home]) - np.einsum(
        "ij,ij->i", vectors[asked], vectors[asked]
    )
    company = counts[home] > 1
    scores[rows, home] = np.where(company, own / np.maximum(counts[home] - 1, 1), -np.inf)
    best = scores.max(axis=1)
    right = company & (scores.argmax(axis=1) == home)
    grid = np.linspace(0.1, 0.9, 81)
    correct = np.array([(right & (best >= t)).sum() + (~company & (best < t)).sum() for t in grid])
    return float(grid[correct >= correct.max() - _SLACK * len(asked)].max())


class Placer:
    """Place new posts against existing groups.

    ``corpus`` holds the posts that exist, ``keys`` the group of each placed one (a post that is missing or
    None is unplaced: it is offered as a near post, never as a group). ``threshold`` is `Grouper.threshold_`,
    ``space`` is `Grouper.space_`; without it the space of ``corpus`` is learned. Placing costs one product
    with the group sums, so it takes milliseconds on 100,000 posts.
    """

    def __init__(
        self,
        corpus: Corpus,
        keys: Mapping[Id, Key | None],
        *,
        threshold: float,
        space: Space | None = None,
        constraints: Constraints | None = None,
    ) -> None:
        self.corpus = corpus
        self.threshold = threshold
        self.space = space or Space.fit(corpus)
        self.vectors = self.space.transform(corpus.vectors, corpus.languages)
        self.constraints = constraints or Constraints()
        self.keywords = Keywords(corpus)
        self._row = {i: row for row, i in enumerate(corpus.ids)}
        self._key_of = {i: keys.get(i) for i in corpus.ids}
        names = sorted({key for key in self._key_of.values() if key is not None})
        number = {key: at for at, key in enumerate(names)}
        self._keys = names
        homes = np.array(
            [number[key] if key is not None else -1 for key in self._key_of.values()],
            dtype=np.int64,
        )
        placed = np.flatnonzero(homes >= 0)
        by_home = placed[np.argsort(homes[placed], kind="stable")]
        counts = np.bincount(homes[placed], minlength=len(names))
        self._members = np.split(by_home, np.cumsum(counts)[:-1]) if len(names) else []
        self._means = np.zeros((len(names), self.vectors.shape[1]), dtype=np.float32)
        for at, rows in enumerate(self._members):
            self._means[at] = self.vectors[rows].mean(axis=0)
        self._twins: dict[str, int] = {}
        for row, text in enumerate(corpus.full_texts):
            if homes[row] >= 0:
                self._twins.setdefault(squeezed(text), row)

    def place(self, posts: Corpus, *, candidates: int = 5) -> list[Placement]:
        """Return a placement for every post of ``posts``, in their order; they do not see one another."""
        vectors = self.space.transform(posts.vectors, posts.languages)
        return [
            self._place(posts.ids[row], posts.full_texts[row], vectors[row], candidates)
            for row in range(len(posts))
        ]

    def _place(self, i: Id, text: str, vector: Floats, count: int) -> Placement:
        everywhere = nearest_among(
            vector, self.vectors, np.arange(len(self.vectors)), min(count + 1, len(self.vectors))
        )
        nearest = tuple(
            Near(self.corpus.ids[row], round(value, 4))
            for row, value in everywhere
            if self.corpus.ids[row] != i
        )[:count]
        scores = self._means @ vector
        bound, barred = self._decided(i)
        offered = [
            self._candidate(int(at), float(scores[at]), vector)
            for at in np.argsort(-scores, kind="stable")[: count + len(barred)]
            if self._keys[at] not in barred
        ][:count]
        if bound is not None:
            score = float(scores[self._keys.index(bound)]) if bound in self._keys else 0.0
            return self._answer(i, bound, score, Ground.DECIDED, "", vector, offered, nearest)
        mark = boilerplate(text)
        if mark:
            return Placement(i, None, 0.0, Reason(Ground.BOILERPLATE, (), (), mark), (), nearest)
        twin = self._twins.get(squeezed(text))
        if twin is not None and self.corpus.ids[twin] != i:
            key = self._key_of[self.corpus.ids[twin]]
            if key is not None and key not in barred:
                score = float(scores[self._keys.index(key)])
                return self._answer(i, key, score, Ground.IDENTICAL, "", vector, offered, nearest)
        if offered and offered[0].score >= self.threshold:
            best = offered[0]
            return self._answer(
                i, best.key, best.score, Ground.SIMILAR, "", vector, offered, nearest
            )
        score = offered[0].score if offered else 0.0
        return Placement(
            i, None, round(score, 4), Reason(Ground.ALONE, nearest[:3]), tuple(offered), nearest
        )

    def _decided(self, i: Id) -> tuple[Key | None, set[Key]]:
        """Return the group decisions put post ``i`` in, and the groups it must not join."""
        barred = {key for other, key in self.constraints.excluded if other == i}
        barred |= set(self.constraints.locked)
        bound = self.constraints.pinned.get(i)
        for a, b in self.constraints.together:
            if i in (a, b) and bound is None:
                bound = self._key_of.get(b if a == i else a)
        for a, b in self.constraints.apart:
            if i in (a, b):
                key = self._key_of.get(b if a == i else a)
                if key is not None:
                    barred.add(key)
        return bound, barred

    def _candidate(self, at: int, score: float, vector: Floats) -> Candidate:
        row, value = nearest_among(vector, self.vectors, self._members[at], 1)[0]
        return Candidate(
            self._keys[at], round(score, 4), Near(self.corpus.ids[row], round(value, 4))
        )

    def _answer(
        self,
        i: Id,
        key: Key,
        score: float,
        ground: Ground,
        note: str,
        vector: Floats,
        offered: Sequence[Candidate],
        nearest: tuple[Near, ...],
    ) -> Placement:
        rows = self._members[self._keys.index(key)] if key in self._keys else np.zeros(0, np.int64)
        near = nearest_among(vector, self.vectors, rows, 3)
        reason = Reason(
            ground,
            tuple(Near(self.corpus.ids[row], round(value, 4)) for row, value in near),
            (),
            note,
        )
        return Placement(i, key, round(score, 4), reason, tuple(offered), nearest)
