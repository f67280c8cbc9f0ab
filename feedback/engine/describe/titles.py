"""What a group is called: the post in its middle, and the words most of it shares."""

import math
import re
from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np

from feedback.engine.data.corpus import Corpus, Floats, Ints
from feedback.engine.data.rows import Rows
from feedback.engine.data.word_lists import STOP_WORDS
from feedback.kernel import text as words

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？；])|\n+")
_TITLE_CHARACTERS = 80
_TITLE_HAN = 40
_HAN = re.compile(r"[\u3400-\u9fff]")


#: How far below the medoid's centrality a post may be and still lend the title, and what naming the group's
#: keywords is worth against centrality.
_NEARLY_CENTRAL = 0.88
_NAMING = 0.2


def representative(
    centrality: Rows, titles: Callable[[int], str], keywords: Sequence[str]
) -> tuple[int, str]:
    """Return the row that represents a group, and its title: central, and with the words the group shares.

    The medoid alone is often a terse complaint that fits any group ("fix it now!"). ``centrality`` (n,) is each
    row's mean similarity to the group, ``titles`` makes the title of a row, and is
    called for the few rows that are central enough.
    """
    best = float(centrality.max())
    weights = {word: 1.0 / (1 + rank) for rank, word in enumerate(keywords)}
    whole = sum(weights.values())
    chosen, title, highest = int(centrality.argmax()), "", -np.inf
    nearly = np.flatnonzero(centrality >= _NEARLY_CENTRAL * best)
    for row in nearly[np.argsort(-centrality[nearly], kind="stable")].tolist():
        central = float(centrality[row]) / best if best > 0 else 0.0
        if central + (_NAMING if weights else 0.0) < highest:
            break
        candidate = titles(row)
        score = 0.0
        if candidate:
            cut = set(words.tokens(candidate))
            named = sum(weight for word, weight in weights.items() if word in cut)
            score = central + (_NAMING * named / whole if weights else 0.0)
        if score > highest or (score == highest and row < chosen):
            chosen, title, highest = row, candidate, score
    return chosen, title or titles(chosen)


def medoid(vectors: Floats) -> int:
    """Return the row with the greatest mean similarity to all rows of ``vectors``."""
    return int(np.argmax(vectors @ vectors.sum(axis=0)))


def short_title(title: str, text: str) -> str:
    """Return ``title``, or the first sentence of ``text``, cut at a word to about one line."""
    line = " ".join((title.strip() or _first_sentence(text)).split())
    limit = _TITLE_HAN if len(_HAN.findall(line)) * 3 > len(line) else _TITLE_CHARACTERS
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    if limit == _TITLE_CHARACTERS and " " in cut[40:]:
        cut = cut[: cut.rindex(" ")]
    return cut.rstrip(" ,.;:，。；：、") + "…"


def _first_sentence(text: str) -> str:
    for sentence in _SENTENCE_END.split(text.strip()):
        if len(sentence.strip()) >= 4:
            return sentence.strip()
    return text.strip()


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
