"""The asks of a board: the mean vectors of their posts, and their words."""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from feedback.engine.areas.names import noun_shares, telling
from feedback.engine.data.corpus import Corpus, Doubles, Floats, Id, Ints, Key, View
from feedback.engine.data.space import Space
from feedback.kernel import text as words_of

#: Posts of one ask whose words are read.
_POSTS_READ = 60
_CHUNK = 4_000


@dataclass(frozen=True, eq=False)
class Asks:
    """The asks of a board, one row each.

    ``means`` (m, d) are the mean vectors of their posts in `Space`, ``sizes`` (m,) the numbers of posts,
    ``words`` the share of an ask's posts that hold each word.
    """

    keys: Sequence[Key]
    means: Floats
    sizes: Ints
    titles: Sequence[str]
    words: Sequence[Mapping[str, float]]
    views: tuple[View, ...]
    nouns: Mapping[str, float] = field(default_factory=dict)
    language: str = "en"

    def __len__(self) -> int:
        return len(self.keys)

    @classmethod
    def of(
        cls,
        corpus: Corpus,
        space: Space,
        homes: Mapping[Id, Key],
        titles: Mapping[Key, str],
        *,
        names: Collection[str] = (),
    ) -> "Asks":
        """Return the asks of ``titles`` that hold posts of ``corpus``; ``homes`` says which post is in which.

        ``names`` are what the product is called: no part of it is called that.
        """
        called = {word for name in names for word in words_of.tokens(name)}
        rows: dict[Key, list[int]] = {}
        for row, one in enumerate(corpus.ids):
            key = homes.get(one)
            if key is not None and key in titles:
                rows.setdefault(key, []).append(row)
        keys = sorted(rows)
        number = {key: at for at, key in enumerate(keys)}
        sums = np.zeros((len(keys), corpus.vectors.shape[1]), dtype=np.float64)
        placed = [(row, number[key]) for key, members in rows.items() for row in members]
        placed.sort()
        for start in range(0, len(placed), _CHUNK):
            some = placed[start : start + _CHUNK]
            own = [row for row, _ in some]
            vectors = space.transform(corpus.vectors[own], [corpus.languages[row] for row in own])
            np.add.at(sums, [ask for _, ask in some], vectors)
        words = []
        all_read: list[int] = []
        for key in keys:
            members = sorted(rows[key], key=lambda row: str(corpus.ids[row]))
            step = max(1, len(members) // _POSTS_READ)
            read = members[::step]
            all_read += read
            counts = Counter(word for row in read for word in telling(corpus.tokens[row]))
            words.append(
                {
                    word: count / len(read)
                    for word, count in sorted(counts.items())
                    if called.isdisjoint(word.split())
                }
            )
        return cls(
            keys=keys,
            means=unit_rows(sums).astype(np.float32),
            sizes=np.array([len(rows[key]) for key in keys], dtype=np.int64),
            titles=[_uncalled(titles[key], called) for key in keys],
            words=words,
            views=space.views,
            nouns=noun_shares(corpus.tokens[row] for row in all_read),
            language=Counter(corpus.languages).most_common(1)[0][0] if len(corpus) else "en",
        )

    @property
    def weights(self) -> Doubles:
        """What each ask counts, (m,): the logarithm of its posts."""
        weights: Doubles = np.log2(1.0 + self.sizes) / math.log2(3.0)
        return weights

    def take(self, rows: Sequence[int] | Ints) -> "Asks":
        """Return the asks of ``rows``, in that order."""
        rows = [int(row) for row in rows]
        return Asks(
            [self.keys[row] for row in rows],
            self.means[rows],
            self.sizes[rows],
            [self.titles[row] for row in rows],
            [self.words[row] for row in rows],
            self.views,
            self.nouns,
            self.language,
        )


def _uncalled(title: str, called: Collection[str]) -> str:
    """Return ``title`` without the words of the product's name, unless nothing else is in it."""
    if not called:
        return title
    return " ".join(part for part in title.split() if words_of.fold(part) not in called) or title


def unit_rows(rows: Doubles | Floats) -> Doubles:
    """Return ``rows`` (n, d) at unit length; rows of zeros stay zeros."""
    unit: Doubles = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return unit
