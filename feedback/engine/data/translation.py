"""How far the languages of a board lie apart, found from posts that say the same in two of them.

Encoders put a language a little aside, on every board about equally. The mean of all posts of a language would not
show it, since people may write of other things in it. So only pairs count that are each other's nearest across two
languages, the nearer the more: an alignment by translation alone (after mutual nearest neighbours in Conneau et al. 2018,
and the iterated closest points of Besl and McKay 1992). Posts without a counterpart have no say, however many they are.
"""

import hashlib
from collections.abc import Mapping

import numpy as np

from feedback.engine.data.corpus import Corpus, Floats, Id, Ints, View
from feedback.engine.data.rows import read

#: Posts of a language that are compared, chosen by a hash of their ids, so that no order or piece matters.
SAMPLE = 2_000
ROUNDS = 3
#: How fast the weight of a pair grows with its likeness, and the pairs that no shift at all is worth.
POWER = 4
DOUBT = 2.0
#: A language of fewer posts, or of a smaller share, is a short post misread as often as not.
FEWEST_SPOKEN, SHARE_SPOKEN = 5, 0.02
#: What is not written in Latin letters.
_LETTERS = {
    "zh": "Han",
    "ja": "Kana",
    "ko": "Hangul",
    **dict.fromkeys(("ru", "uk", "bg"), "Cyrillic"),
    **dict.fromkeys(("ar", "fa"), "Arabic"),
    "he": "Hebrew",
    "el": "Greek",
    "th": "Thai",
    "hi": "Devanagari",
}


def taken_as(counts: Mapping[str, int]) -> dict[str, str]:
    """Return which language each of a board is taken as: a rare one as the commonest in the same letters.

    ``counts`` are posts by language. A rare language in letters of its own stays what it is.
    """
    least = max(FEWEST_SPOKEN, SHARE_SPOKEN * sum(counts.values()))
    heads: dict[str, str] = {}
    for language in sorted(counts, key=lambda one: (-counts[one], one)):
        heads.setdefault(_LETTERS.get(language, "Latin"), language)
    return {
        one: one if count >= least else heads[_LETTERS.get(one, "Latin")]
        for one, count in counts.items()
    }


class SpokenSample:
    """Keeps the posts of one language whose ids have the lowest hashes: the same ones, however a board is read."""

    def __init__(self) -> None:
        self._hashes: list[bytes] = []
        self._vectors: list[Floats] = []

    def take(self, part: Corpus, rows: Ints) -> None:
        """Offer the posts ``rows`` of ``part``."""
        hashes = [_hash(part.ids[row]) for row in rows.tolist()]
        order = sorted(range(len(hashes)), key=hashes.__getitem__)[:SAMPLE]
        self._hashes += [hashes[at] for at in order]
        self._vectors.append(read(part.vectors, rows[order]))
        if len(self._vectors) > 1:
            kept = sorted(range(len(self._hashes)), key=self._hashes.__getitem__)[:SAMPLE]
            self._vectors = [np.concatenate(self._vectors)[kept]]
            self._hashes = [self._hashes[at] for at in kept]

    def rows(self) -> Floats:
        """Return a copy of the vectors (s, d) of the posts that are kept."""
        return self._vectors[0].copy()


def translations(
    samples: Mapping[str, Floats],
    counts: Mapping[str, int],
    views: tuple[View, ...],
) -> dict[str, Floats]:
    """Return {language: (d,)}: what to add to its posts, so that they meet those of the language most posts are in.

    ``samples`` holds vectors (s, d) per language, each view of unit length. Views that one side lacks stay as they are.
    """
    if len(samples) < 2:
        return {}
    hub = max(sorted(samples), key=lambda language: counts[language])
    found = {}
    for language in samples:
        if language != hub:
            found[language] = _shift(samples[language], samples[hub], views)
    return found


def _shift(from_: Floats, to: Floats, views: tuple[View, ...]) -> Floats:
    """Return the mean way (d,) from rows of ``from_`` to rows of ``to`` over pairs that are each other's nearest."""
    shift = np.zeros(from_.shape[1], dtype=np.float32)
    shared = np.concatenate(
        [
            np.arange(start, stop)
            for _, start, stop in views
            if np.any(from_[:, start:stop]) and np.any(to[:, start:stop])
        ]
        or [np.zeros(0, dtype=np.int64)]
    )
    here, there = from_[:, shared], to[:, shared]
    if not len(shared):
        return shift
    goal = _units(there)
    for _ in range(ROUNDS):
        likeness = _units(here + shift[shared]) @ goal.T
        nearest, back = likeness.argmax(axis=1), likeness.argmax(axis=0)
        rows = np.flatnonzero(back[nearest] == np.arange(len(here)))
        weight = np.maximum(likeness[rows, nearest[rows]], 0.0) ** POWER
        pairs = float(weight.sum()) ** 2 / max(float((weight**2).sum()), 1e-12)
        way = (weight[:, None] * (there[nearest[rows]] - here[rows])).sum(axis=0)
        way /= max(float(weight.sum()), 1e-9)
        shift[shared] = way * (pairs / (pairs + DOUBT))
    return shift


def _units(rows: Floats) -> Floats:
    length = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    unit: Floats = rows / np.maximum(length, 1e-9)[:, None]
    return unit


def _hash(one: Id) -> bytes:
    return hashlib.blake2b(f"{type(one).__name__}:{one}".encode(), digest_size=8).digest()
