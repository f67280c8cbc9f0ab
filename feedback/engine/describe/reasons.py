"""Why a post is where it is: its nearest posts, the words they share, or the decision of a person."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from feedback.engine.data.corpus import Corpus, Id, Ints
from feedback.engine.data.rows import Rows
from feedback.engine.describe.keywords import Keywords
from feedback.engine.neighbours.neighbours_in_group import NeighboursInGroup


class Ground(StrEnum):
    """What a membership rests on."""

    SIMILAR = "SIMILAR"
    IDENTICAL = "IDENTICAL"
    DECIDED = "DECIDED"
    LOCKED = "LOCKED"
    ALONE = "ALONE"
    BOILERPLATE = "BOILERPLATE"


@dataclass(frozen=True)
class Near:
    """Another post and its cosine similarity."""

    id: Id
    similarity: float


@dataclass(frozen=True)
class Reason:
    """Why a post is in its group. ``nearest`` are posts of the group, or, for a post alone, of the board."""

    ground: Ground
    nearest: tuple[Near, ...] = ()
    terms: tuple[str, ...] = ()
    note: str = ""

    def sentence(self) -> str:
        """Return the reason in English, for files and logs; the site words its own."""
        near = ", ".join(f"{one.id} ({one.similarity:.2f})" for one in self.nearest)
        terms = f"; shared words: {', '.join(self.terms)}" if self.terms else ""
        if self.ground is Ground.BOILERPLATE:
            return f"boilerplate ({self.note}): asks for nothing, so it is kept out of the groups"
        if self.ground is Ground.ALONE:
            return f"alone; nearest: {near}" if near else "alone"
        if self.ground is Ground.IDENTICAL:
            return f"same words as {near}"
        if self.ground in (Ground.DECIDED, Ground.LOCKED):
            by = "held by a decision" if self.ground is Ground.DECIDED else "in a locked group"
            return f"{by}; nearest: {near}{terms}" if near else by
        return f"nearest: {near}{terms}"


class Reasons(Mapping[Id, Reason]):
    """The reason of every post, computed when it is asked for: most never are."""

    def __init__(
        self,
        corpus: Corpus,
        vectors: Rows,
        labels: Ints,
        members: list[Ints],
        grounds: dict[int, tuple[Ground, str]],
        keywords: Keywords,
        count: int = 3,
    ) -> None:
        self._row = {i: row for row, i in enumerate(corpus.ids)}
        self._corpus = corpus
        alone = np.array([rows[0] for rows in members if len(rows) == 1], dtype=np.int64)
        self._near = NeighboursInGroup(vectors, alone, count)
        self._labels = labels
        self._members = members
        self._grounds = grounds
        self._keywords = keywords

    def __len__(self) -> int:
        return len(self._row)

    def __iter__(self) -> Iterator[Id]:
        return iter(self._row)

    def __getitem__(self, i: Id) -> Reason:
        row = self._row[i]
        alone = len(self._members[self._labels[row]]) < 2
        near = self._near.of(row, self._members[self._labels[row]])
        ground, note = self._grounds.get(row, (Ground.ALONE if alone else Ground.SIMILAR, ""))
        if alone and ground is Ground.SIMILAR:
            ground = Ground.ALONE
        rows = [other for other, _ in near]
        return Reason(
            ground,
            tuple(Near(self._corpus.ids[other], round(value, 4)) for other, value in near),
            self._keywords.shared(row, rows),
            note,
        )
