"""The space that the vectors of a board are compared in: no part of a board bends it for another."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from feedback.engine.data.corpus import Corpus, Doubles, Floats, Ints, View, as_view
from feedback.engine.data.rows import BLOCK, Rows, read, storage
from feedback.engine.data.translation import SpokenSample, taken_as, translations

#: A board of fewer posts stays as the encoder gave it: what its posts have in common may be what they ask for.
OWN_FROM = 30


@dataclass(frozen=True)
class Space:
    """The board's own coordinates: languages moved onto each other, what is common to all left out, unit length again.

    Raw sentence vectors share a large common part, so any two posts look alike and no threshold fits two
    models. The encoder removes a generic mean per language. What is left of it on this board is found here:
    ``shifts`` {language: (d,)} is added to the posts of a language, so that posts that say the same in two languages
    meet (see `translations`); ``common`` (d,) is per view the direction of the mean post, and the coordinate along it
    is dropped. Dropping a coordinate, unlike subtracting a mean, leaves posts that have nothing of it as they are: a
    small part of a board is compared as if it stood alone, whatever the large part is about.
    """

    views: tuple[View, ...]
    shifts: dict[str, Floats] = field(default_factory=dict)
    common: Floats | None = None

    @classmethod
    def fit(cls, corpus: Corpus, order: Sequence[int] | None = None) -> "Space":
        """Learn the space of ``corpus``.

        ``order`` is the order in which the posts are summed, so that the last bit does not depend on the input's.
        """
        sums = SpaceSums()
        sums.take(corpus, order)
        return sums.space()

    def transform(self, vectors: Rows, languages: Sequence[str]) -> Floats:
        """Return (n, d) vectors whose dot product is the mean centred cosine over the views."""
        given: Rows = np.atleast_2d(vectors)
        out = np.empty(given.shape, dtype=np.float32)
        self._fill(out, given, np.arange(len(given)), np.asarray(languages))
        return out

    def rows(self, corpus: Corpus, order: Sequence[int]) -> Rows:
        """Return what `transform` makes of the posts of ``corpus`` in ``order``, kept as small as their number asks."""
        at = np.asarray(order, dtype=np.int64)
        out: Rows = np.empty(corpus.vectors.shape, dtype=storage(len(at)))
        self._fill(out, corpus.vectors, at, np.asarray(corpus.languages)[at])
        return out

    def _fill(self, out: Rows, given: Rows, order: Ints, languages: np.ndarray) -> None:
        for start in range(0, len(order), BLOCK):
            spoken = languages[start : start + BLOCK]
            block = read(given, order[start : start + BLOCK])
            absent = [~np.any(block[:, first:last], axis=1) for _, first, last in self.views]
            block = _as_units(block, self.views)
            for language, shift in self.shifts.items():
                np.add(block, shift, out=block, where=(spoken == language)[:, None])
            for (_, first, last), missing in zip(self.views, absent, strict=True):
                if self.common is not None:
                    part, direction = block[:, first:last], self.common[first:last]
                    part -= np.einsum("ij,j->i", part, direction)[:, None] * direction
                # A view that was absent must stay absent, or every such post would look alike.
                block[missing, first:last] = 0.0
            out[start : start + BLOCK] = _fused(block, self.views)


class SpaceSums:
    """Learns the space of a board that is read whole or piece by piece."""

    def __init__(self) -> None:
        self._views: tuple[View, ...] = ()
        self._sums: dict[str, Doubles] = {}
        self._counts: dict[str, int] = {}
        self._samples: dict[str, SpokenSample] = {}

    def take(self, part: Corpus, order: Sequence[int] | None = None) -> None:
        """Count the posts of ``part``, summed in ``order``."""
        self._views = tuple(as_view(view) for view in part.views)
        every = np.arange(len(part)) if order is None else np.asarray(order, dtype=np.int64)
        spoken = np.asarray(part.languages, dtype=str)[every]
        for language in sorted(set(part.languages)):
            rows = every[spoken == language]
            total = self._sums.setdefault(language, np.zeros(part.vectors.shape[1]))
            for start in range(0, len(rows), BLOCK):
                block = _as_units(read(part.vectors, rows[start : start + BLOCK]), self._views)
                total += block.sum(axis=0, dtype=np.float64)
            self._counts[language] = self._counts.get(language, 0) + len(rows)
            self._samples.setdefault(language, SpokenSample()).take(part, rows)

    def space(self) -> Space:
        """Return the space of what was taken."""
        if sum(self._counts.values()) < OWN_FROM:
            return Space(self._views)
        heads = taken_as(self._counts)
        samples = {
            language: _as_units(sample.rows(), self._views)
            for language, sample in sorted(self._samples.items())
            if heads[language] == language
        }
        counts = Counter[str]()
        for one, head in heads.items():
            counts[head] += self._counts[one]
        found = translations(samples, counts, self._views)
        shifts = {one: found[head] for one, head in heads.items() if head in found}
        total = np.sum(
            [
                sums + self._counts[language] * shifts.get(language, np.zeros(1)).astype(np.float64)
                for language, sums in sorted(self._sums.items())
            ],
            axis=0,
        )
        return Space(self._views, shifts, _as_units(total.astype(np.float32)[None], self._views)[0])


def _as_units(out: Floats, views: tuple[View, ...]) -> Floats:
    """Bring every view of ``out`` to unit length, in place."""
    for _, start, stop in views:
        block = out[:, start:stop]
        length = np.sqrt(np.einsum("ij,ij->i", block, block))
        block /= np.maximum(length, 1e-9)[:, None]
    return out


def _fused(out: Floats, views: tuple[View, ...]) -> Floats:
    """Bring every view to unit length and the row as a whole too, in place."""
    _as_units(out, views)
    present = sum(np.any(out[:, start:stop], axis=1).astype(np.float32) for _, start, stop in views)
    out /= np.sqrt(np.maximum(np.asarray(present, dtype=np.float32), 1.0))[:, None]
    return out
