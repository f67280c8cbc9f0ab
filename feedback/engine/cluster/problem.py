"""What is clustered: bundles with their vectors and words, what was decided on them, and where they were before."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from feedback.engine.cluster.affinity import WORD_SHARE
from feedback.engine.data.corpus import Doubles, Floats, Ints, View
from feedback.engine.data.rows import BLOCK, Rows, read

#: A view takes part in finding the level when this share of the bundles has it.
VIEW_PRESENT = 0.9


@dataclass(frozen=True, eq=False)
class Means:
    """The mean vectors (m, d) of bundles of rows, computed when they are read.

    Most bundles of a large board are single posts: all means at once would be its vectors once more.
    Bundle i holds the ``rows`` numbered ``members[starts[i] : starts[i + 1]]``.
    """

    rows: Rows
    members: Ints
    starts: Ints

    @classmethod
    def of(cls, rows: Rows, bundles: Sequence[Sequence[int]]) -> "Means":
        """Return the means of ``bundles``, lists of row numbers."""
        members = np.fromiter(chain.from_iterable(bundles), dtype=np.int64)
        lengths = np.fromiter(map(len, bundles), dtype=np.int64, count=len(bundles))
        return cls(rows, members, np.concatenate([[0], np.cumsum(lengths)]))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, at: Ints) -> Floats:
        first, sizes = self.starts[at], np.diff(self.starts)[at]
        out = read(self.rows, self.members[first])
        for place in np.flatnonzero(sizes > 1).tolist():
            rows = self.members[first[place] : first[place] + sizes[place]]
            out[place] = read(self.rows, rows).mean(axis=0)
        return out

    def __array__(self, dtype: object = None, copy: bool | None = None) -> Floats:
        return self[np.arange(len(self))]


@dataclass(frozen=True)
class ClusteringProblem:
    """m bundles to cluster.

    ``means`` (m, d) are mean vectors in `Space`, ``words`` (m, w) mean lexical vectors, ``sizes`` (m,) the posts
    in each; ``colours`` (m,) name the group a decision put a bundle in (-1: none); ``origins`` (m,) the group it was
    in before (-1: none); ``apart`` the pairs that must not share a group; ``fineness`` (m,) how fine each is cut, as a
    factor to the board's level, where that is known already.
    """

    means: Rows | Means
    words: Rows | Means
    views: tuple[View, ...]
    sizes: Ints
    colours: Ints
    origins: Ints
    apart: Sequence[tuple[int, int]] = ()
    fineness: Doubles | None = None

    def __len__(self) -> int:
        return len(self.means)

    def take(self, rows: Ints) -> "ClusteringProblem":
        """Return the bundles ``rows``, with the pairs among them."""
        place = {int(row): at for at, row in enumerate(rows)}
        return ClusteringProblem(
            self.means[rows],
            self.words[rows],
            self.views,
            self.sizes[rows],
            self.colours[rows],
            self.origins[rows],
            [(place[a], place[b]) for a, b in self.apart if a in place and b in place],
            None if self.fineness is None else self.fineness[rows],
        )

    def similarity(self) -> Floats:
        """Return the fused cosine similarities (m, m): mean over the views two bundles share, and words."""
        means, words = np.asarray(self.means), np.asarray(self.words)
        meaning: Floats = means @ means.T
        meaning *= self._shared_views()
        meaning *= 1.0 - WORD_SHARE
        meaning += WORD_SHARE * (words @ words.T)
        return meaning

    def joined(self, rows: Ints) -> Floats:
        """Return vectors (r, d + w) of ``rows``; their dot product is the fused similarity if no view is absent."""
        means, words = self.means[rows], self.words[rows]
        out = np.empty((len(means), means.shape[1] + words.shape[1]), dtype=np.float32)
        np.multiply(means, np.float32(np.sqrt(1.0 - WORD_SHARE)), out=out[:, : means.shape[1]])
        np.multiply(words, np.float32(np.sqrt(WORD_SHARE)), out=out[:, means.shape[1] :])
        return out

    def independent_views(self) -> tuple[list[Floats], bool]:
        """Return unit vectors per independent view, and whether these are halves of a single model."""
        enough = self._present().mean(axis=0) >= VIEW_PRESENT
        ranges = [
            (start, stop) for (_, start, stop), ok in zip(self.views, enough, strict=True) if ok
        ]
        means = np.asarray(self.means)
        halves = len(ranges) < 2
        if halves:
            parts = [means[:, 0::2], means[:, 1::2]]
        else:
            parts = [means[:, start:stop] for start, stop in ranges]
        return [
            part / np.maximum(np.linalg.norm(part, axis=1, keepdims=True), 1e-9) for part in parts
        ], halves

    def by_views(self, least: int) -> list[Ints]:
        """Return the rows that have the same views, in lists of at least ``least``; what is fewer goes with the most."""
        present = self._present()
        kinds, kind = np.unique(present, axis=0, return_inverse=True)
        counts = np.bincount(kind.ravel(), minlength=len(kinds))
        kind = np.where(counts[kind.ravel()] >= least, kind.ravel(), int(counts.argmax()))
        return [np.flatnonzero(kind == number) for number in np.unique(kind)]

    def _present(self) -> np.ndarray:
        """Return which views (v) each bundle has, (m, v) bool."""
        out = np.empty((len(self), len(self.views)), dtype=bool)
        # In blocks: the means of a large board would take more room at once than its vectors.
        for start in range(0, len(self), BLOCK):
            means = self.means[np.arange(start, min(start + BLOCK, len(self)))]
            for at, (_, first, last) in enumerate(self.views):
                out[start : start + BLOCK, at] = np.any(means[:, first:last], axis=1)
        return out

    def _shared_views(self) -> Floats | float:
        """Return the factor that makes a dot product the mean over shared views, where posts lack some."""
        present = self._present().astype(np.float32)
        counts = present.sum(axis=1)
        if (present == present[0]).all():
            return 1.0
        common = present @ present.T
        factor: Floats = np.sqrt(np.outer(counts, counts)) / np.maximum(common, 1.0)
        return factor.astype(np.float32)
