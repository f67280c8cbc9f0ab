"""The words that the posts of a group share and others do not."""

import math
from collections.abc import Sequence
from functools import cached_property

import numpy as np

from feedback.engine.data.corpus import Corpus, Ints
from feedback.engine.data.word_lists import STOP_WORDS
from feedback.engine.words.empty_words import SAYING_NOTHING


class Keywords:
    """Keywords of groups: coverage in the group x inverse document frequency on the board.

    A word has to stand in at least two posts of the group. Classic c-TF-IDF scores a small group by one
    post's words; coverage asks what the posts share.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._counts = corpus.word_counts
        self.n = len(corpus)
        self._frequency = self._counts.frequency()
        idf = np.log((1 + self.n) / (1 + self._frequency)) + 0.1
        # What a word weighs; nothing when it says nothing.
        self._weight = np.where([_says_something(word) for word in self._counts.words], idf, 0.0)

    @cached_property
    def _number(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self._counts.words)}

    def words(self, row: int) -> set[str]:
        """Return the distinct words of post ``row`` that say something."""
        return {word for word in self._counts.of_row(row) if _says_something(word)}

    def idf(self, word: str) -> float:
        """Return how rare ``word`` is on the board: the logarithm of the share of posts without it, and a little."""
        number = self._number.get(word)
        frequency = 0 if number is None else int(self._frequency[number])
        return math.log((1 + self.n) / (1 + frequency)) + 0.1

    def of(self, rows: Sequence[int] | Ints, limit: int = 4) -> tuple[str, ...]:
        """Return up to ``limit`` words that the posts ``rows`` share and others do not, best first."""
        rows = np.asarray(rows, dtype=np.int64)
        numbers, posts = self._counts.in_rows(rows)
        scores = posts / len(rows) * self._weight[numbers]
        worth = np.flatnonzero((posts >= min(2, len(rows))) & (scores > 0.0))
        if len(worth) > limit:
            least = np.partition(scores[worth], -limit)[-limit]
            worth = worth[scores[worth] >= least]
        scored = [(-scores[at], self._counts.words[numbers[at]]) for at in worth.tolist()]
        return tuple(word for _, word in sorted(scored)[:limit])

    def spread(self, rows: Ints) -> dict[str, float]:
        """Return the share of the posts ``rows`` that hold each of their words."""
        numbers, posts = self._counts.in_rows(rows)
        return {
            self._counts.words[number]: count / len(rows)
            for number, count in zip(numbers.tolist(), posts.tolist(), strict=True)
        }

    def tells(self, word: str) -> bool:
        """Tell whether ``word`` says what a post is about."""
        return _says_something(word) and word not in SAYING_NOTHING

    def shared(self, row: int, others: Sequence[int], limit: int = 5) -> tuple[str, ...]:
        """Return the words of post ``row`` that stand in any of ``others``, rarest first."""
        around = set().union(*(self._counts.numbers_of(other).tolist() for other in others))
        common = around.intersection(self._counts.numbers_of(row).tolist())
        scored = [
            (-weight, self._counts.words[number])
            for number in common
            if (weight := float(self._weight[number])) > 0.0
        ]
        return tuple(word for _, word in sorted(scored)[:limit])


def _says_something(word: str) -> bool:
    return word not in STOP_WORDS and not (len(word) == 1 and word.isascii())
