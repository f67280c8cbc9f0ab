"""What a group is called: the post in its middle, and the words most of it shares."""

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from .corpus import Corpus, Floats, Ints
from .wordlists import STOP_WORDS

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？；])|\n+")
_TITLE_CHARACTERS = 80
_TITLE_HAN = 40
_HAN = re.compile(r"[\u3400-\u9fff]")


#: How far below the medoid's centrality a post may be and still lend the title, and what naming the group's
#: keywords is worth against centrality.
_NEARLY_CENTRAL = 0.88
_NAMING = 0.2


def spokesman(
    vectors: Floats, titles: Sequence[str], keywords: Sequence[str], tokens: Sequence[set[str]]
) -> int:
    """Return the row that speaks for a group: central, and naming what the group shares in its title.

    The medoid alone is often a terse complaint that fits any group ("fix it now!"). ``titles`` are the candidate
    titles, ``tokens`` their words; ``vectors`` (n, d).
    """
    centrality = vectors @ vectors.sum(axis=0) / len(vectors)
    best = float(centrality.max())
    scores = np.full(len(vectors), -np.inf)
    weights = {word: 1.0 / (1 + rank) for rank, word in enumerate(keywords)}
    whole = sum(weights.values()) or 1.0
    for row in np.flatnonzero(centrality >= _NEARLY_CENTRAL * best).tolist():
        named = sum(weight for word, weight in weights.items() if word in tokens[row])
        scores[row] = centrality[row] / best + _NAMING * named / whole if titles[row] else 0.0
    return int(scores.argmax())


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
        self._tokens = corpus.tokens
        self.frequency: Counter[str] = Counter()
        for row in range(len(corpus)):
            self.frequency.update(self.words(row))
        self.n = len(corpus)

    def words(self, row: int) -> set[str]:
        """Return the distinct words of post ``row`` that say something."""
        return {
            word
            for word in self._tokens[row]
            if word not in STOP_WORDS and not (len(word) == 1 and word.isascii())
        }

    def idf(self, word: str) -> float:
        return math.log((1 + self.n) / (1 + self.frequency[word])) + 0.1

    def of(self, rows: Sequence[int] | Ints, limit: int = 4) -> tuple[str, ...]:
        """Return up to ``limit`` words that the posts ``rows`` share and others do not, best first."""
        counts = Counter(word for row in rows for word in self.words(row))
        scored = [
            (count / len(rows) * self.idf(word), word)
            for word, count in counts.items()
            if count >= min(2, len(rows))
        ]
        scored.sort(key=lambda pair: (-pair[0], pair[1]))
        return tuple(word for _, word in scored[:limit])

    def shared(self, row: int, others: Sequence[int], limit: int = 5) -> tuple[str, ...]:
        """Return the words of post ``row`` that stand in any of ``others``, rarest first."""
        around = set().union(*(self.words(other) for other in others)) if len(others) else set()
        common = sorted(self.words(row) & around, key=lambda word: (-self.idf(word), word))
        return tuple(common[:limit])
