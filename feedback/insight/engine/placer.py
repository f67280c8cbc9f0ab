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


def _roomier(rows: Floats) -> Floats:
    """Return ``rows`` with about an eighth more room behind them."""
    bigger = np.zeros((len(rows) + len(rows) // 8 + 256, rows.shape[1]), dtype=np.float32)
    bigger[: len(rows)] = rows
    return bigger


class Placer:
    """Place new posts against existing groups.

    ``corpus`` holds the posts that exist, ``keys`` the group of each placed one (a post that is missing or
    None is unplaced: it is offered as a near post, never as a group). ``threshold`` is `Grouper.threshold_`,
    ``space`` is `Grouper.space_`; without it the space of ``corpus`` is learned. Placing costs one product
    with the group means, so it takes milliseconds on 100,000 posts. What has been placed is taken in by
    `add`; the space stays the one that was learned. ``corpus`` itself is not kept.
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
        self.threshold = threshold
        self.space = space or Space.fit(corpus)
        self.constraints = constraints or Constraints()
        self._ids: list[Id] = list(corpus.ids)
        self._row = {i: row for row, i in enumerate(self._ids)}
        self._key_of: dict[Id, Key | None] = {i: keys.get(i) for i in self._ids}
        self._rows = self.space.transform(corpus.vectors, corpus.languages)
        names = sorted({key for key in self._key_of.values() if key is not None})
        self._keys: list[Key] = names
        self._number = {key: at for at, key in enumerate(names)}
        homes = np.array(
            [self._number[key] if key is not None else -1 for key in self._key_of.values()],
            dtype=np.int64,
        )
        placed = np.flatnonzero(homes >= 0)
        by_home = placed[np.argsort(homes[placed], kind="stable")]
        counts = np.bincount(homes[placed], minlength=len(names))
        self._members = np.split(by_home, np.cumsum(counts)[:-1]) if len(names) else []
        self._group_means = np.zeros((len(names), self.vectors.shape[1]), dtype=np.float32)
        for at, rows in enumerate(self._members):
            self._group_means[at] = self.vectors[rows].mean(axis=0)
        self._twins: dict[str, int] = {}
        self._squeezed: dict[int, str] = {}
        for row, text in enumerate(corpus.full_texts):
            if homes[row] >= 0:
                self._remember_words(row, text)

    @property
    def vectors(self) -> Floats:
        """The posts that are known, (n, d), in the order they came."""
        return self._rows[: len(self._ids)]

    @property
    def _means(self) -> Floats:
        return self._group_means[: len(self._keys)]

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, posts: Corpus, keys: Mapping[Id, Key | None]) -> None:
        """Take ``posts`` in with the groups they are in now; a known post is read and placed anew.

        Costs what ``posts`` cost, not what is there already.
        """
        vectors = self.space.transform(posts.vectors, posts.languages)
        for at, i in enumerate(posts.ids):
            row = self._row.get(i)
            if row is None:
                row = self._append(i)
            else:
                self._take_out(row)
            self._rows[row] = vectors[at]
            self._put_in(row, keys.get(i))
            if self._key_of[i] is not None:
                self._remember_words(row, posts.full_texts[at])

    def _append(self, i: Id) -> int:
        row = len(self._ids)
        if row == len(self._rows):
            self._rows = _roomier(self._rows)
        self._ids.append(i)
        self._row[i] = row
        self._key_of[i] = None
        return row

    def _take_out(self, row: int) -> None:
        """Have the group of ``row`` forget it and its words."""
        key = self._key_of[self._ids[row]]
        words = self._squeezed.pop(row, None)
        if words is not None and self._twins.get(words) == row:
            del self._twins[words]
        if key is None:
            return
        at = self._number[key]
        rest = self._members[at][self._members[at] != row]
        # From the rows, not by subtracting: a group of one leaves exactly nothing.
        self._group_means[at] = self.vectors[rest].mean(axis=0) if len(rest) else 0.0
        self._members[at] = rest
        self._key_of[self._ids[row]] = None

    def _put_in(self, row: int, key: Key | None) -> None:
        self._key_of[self._ids[row]] = key
        if key is None:
            return
        at = self._number.get(key)
        if at is None:
            at = self._number[key] = len(self._keys)
            if at == len(self._group_means):
                self._group_means = _roomier(self._group_means)
            self._keys.append(key)
            self._members.append(np.zeros(0, dtype=np.int64))
        count = len(self._members[at])
        mean = self._group_means[at]
        self._group_means[at] = mean + (self._rows[row] - mean) / (count + 1)
        self._members[at] = np.append(self._members[at], row)

    def _remember_words(self, row: int, text: str) -> None:
        words = squeezed(text)
        if self._twins.setdefault(words, row) == row:
            self._squeezed[row] = words

    def place(self, posts: Corpus, *, candidates: int = 5) -> list[Placement]:
        """Return a placement for every post of ``posts``, in their order; they do not see one another."""
        vectors = self.space.transform(posts.vectors, posts.languages)
        return [
            self._place(posts.ids[row], posts.full_texts[row], vectors[row], candidates)
            for row in range(len(posts))
        ]

    def _place(self, i: Id, text: str, vector: Floats, count: int) -> Placement:
        nearest = self._nearest(i, vector, count)
        scores = self._means @ vector
        bound, barred = self._decided(i)
        offered = [
            self._candidate(int(at), float(scores[at]), vector)
            for at in np.argsort(-scores, kind="stable")[: count + len(barred)]
            if self._keys[at] not in barred and len(self._members[at])
        ][:count]
        if bound is not None:
            score = float(scores[self._number[bound]]) if bound in self._number else 0.0
            return self._answer(i, bound, score, Ground.DECIDED, "", vector, offered, nearest)
        mark = boilerplate(text)
        if mark:
            return Placement(i, None, 0.0, Reason(Ground.BOILERPLATE, (), (), mark), (), nearest)
        twin = self._twins.get(squeezed(text))
        if twin is not None and self._ids[twin] != i:
            key = self._key_of[self._ids[twin]]
            if key is not None and key not in barred:
                score = float(scores[self._number[key]])
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

    def _nearest(self, i: Id, vector: Floats, count: int) -> tuple[Near, ...]:
        """Return the most similar posts other than ``i``; the matrix is read once and not copied."""
        similarity = self.vectors @ vector
        if i in self._row:
            similarity[self._row[i]] = -np.inf
        count = min(count, len(similarity) - (i in self._row))
        if count <= 0:
            return ()
        top = np.argpartition(-similarity, count - 1)[:count]
        top = top[np.lexsort((top, -similarity[top]))]
        return tuple(Near(self._ids[row], round(float(similarity[row]), 4)) for row in top)

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
        return Candidate(self._keys[at], round(score, 4), Near(self._ids[row], round(value, 4)))

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
        rows = self._members[self._number[key]] if key in self._number else np.zeros(0, np.int64)
        near = nearest_among(vector, self.vectors, rows, 3)
        reason = Reason(
            ground,
            tuple(Near(self._ids[row], round(value, 4)) for row, value in near),
            (),
            note,
        )
        return Placement(i, key, round(score, 4), reason, tuple(offered), nearest)
