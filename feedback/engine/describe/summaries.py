"""What an ask says, in two sentences of its own posts.

Extractive: every sentence stands in a post as it is quoted, and is named with that post. The first is the one
nearest to what the posts share (cosine of its words to the centroid of the ask, after MEAD: Radev et al. 2004,
together with how central its post is by meaning); the second adds the most to it (maximal marginal relevance,
Carbonell and Goldstein 1998). Only words of whole posts have vectors, so sentences are compared by their words.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from feedback.engine.data.boilerplate import boilerplate
from feedback.engine.data.corpus import Corpus, Floats, Id, Ints
from feedback.engine.describe.keywords import Keywords
from feedback.engine.words.clauses import is_han, sentences
from feedback.kernel import text as words
from feedback.kernel.languages import reads_as

SENTENCES = 2
#: A sentence shorter or longer than this is no summary; a Chinese character says what three Latin ones do.
SHORTEST, LONGEST = 20, 160
SHORTEST_HAN, LONGEST_HAN = 8, 90
#: The most central posts of an ask that are read: more would not be quoted.
POSTS_READ = 40
#: A post less central than this share of the most central one does not speak for the ask.
NEARLY_CENTRAL = 0.8
#: What the centrality of the post is worth against that of the words.
BY_MEANING = 0.7
#: What words that are quoted already cost the second sentence.
SAID_ALREADY = 0.5
#: A sentence repeats another when the other holds this much of its words.
SAME_WORDS = 0.7

_PRIVATE = re.compile(
    r"@\w|\w@\w|\]\(|https?:|www\.|\b[\w-]+\.(?:com|net|org|io|cn|de|co\.uk)\b|\+?\d[\d\s().\-]{6,}\d",
    re.I,
)
_COMPLETE = re.compile(r"[.!?。！？…]$")


@dataclass(frozen=True)
class Quote:
    """A sentence and the post it stands in."""

    post: Id
    sentence: str


@dataclass(frozen=True)
class _Candidate:
    row: int
    sentence: str
    words: frozenset[str]
    nearness: float
    centrality: float


class Summaries:
    """Two sentences for each ask of a board; ``keywords`` knows how rare each word is there."""

    def __init__(self, corpus: Corpus, keywords: Keywords) -> None:
        self._corpus = corpus
        self._keywords = keywords

    def of(
        self, rows: Sequence[int] | Ints, scores: Sequence[float] | Floats, *, title: str = ""
    ) -> tuple[Quote, ...]:
        """Return up to two sentences of the posts ``rows`` that say what they ask, none when none is fit.

        ``scores`` are the posts' mean similarities to the ask. The sentences are in the language that most posts
        are written in, complete, without addresses or numbers of people, and say more than ``title`` does.
        """
        read = self._read(rows, scores)
        shared = Counter(word for row, _ in read for word in self._keywords.words(row))
        idf = {word: self._keywords.idf(word) for word in shared}
        weight = {
            word: count / len(read) * idf[word] for word, count in shared.items() if count > 1
        }
        found = self._candidates(read, idf, weight, title)
        if not found:
            return ()
        highest = max(one.centrality for one in found) or 1.0

        def worth(one: _Candidate) -> float:
            central = (1.0 - BY_MEANING) * one.centrality / highest
            return BY_MEANING * one.nearness + central + _form(one.sentence)

        first = max(found, key=lambda one: round(worth(one), 6))
        quoted = [first]
        rest = [
            one
            for one in found
            if one.row != first.row and not _repeats(one.words, first.words, idf)
        ]
        if rest and SENTENCES > 1:
            quoted.append(
                max(
                    rest,
                    key=lambda one: round(
                        worth(one) - SAID_ALREADY * _shared(one.words, first.words, idf), 6
                    ),
                )
            )
        return tuple(Quote(self._corpus.ids[one.row], one.sentence) for one in quoted)

    def _read(
        self, rows: Sequence[int] | Ints, scores: Sequence[float] | Floats
    ) -> list[tuple[int, float]]:
        """Return the rows to read with their scores: the most central ones in the main language."""
        corpus = self._corpus
        languages = Counter(corpus.languages[int(row)] for row in rows)
        main = min(languages, key=lambda one: (-languages[one], one))
        pairs = [
            (int(row), float(score))
            for row, score in zip(rows, scores, strict=True)
            if corpus.languages[int(row)] == main
        ]
        # Ids and not rows break ties, so that the order of the corpus is of no matter.
        pairs.sort(key=lambda pair: (-round(pair[1], 4), str(corpus.ids[pair[0]])))
        return pairs[:POSTS_READ]

    def _candidates(
        self,
        read: list[tuple[int, float]],
        idf: Mapping[str, float],
        weight: Mapping[str, float],
        title: str,
    ) -> list[_Candidate]:
        named = frozenset(word for word in words.tokens(title) if word in idf)
        best = max((score for _, score in read), default=0.0)
        found: list[_Candidate] = []
        known: set[str] = set()
        for row, score in read:
            if score < NEARLY_CENTRAL * best:
                break
            whole = f"{self._corpus.titles[row]}\n{self._corpus.texts[row]}"
            for sentence in fit_to_quote(whole, self._corpus.languages[row]):
                folded = sentence.casefold()
                telling = frozenset(word for word in words.tokens(sentence) if word in idf)
                if folded in known or len(telling) < 2 or _repeats(telling, named, idf):
                    continue
                known.add(folded)
                length = sum(idf[word] ** 2 for word in telling) ** 0.5
                central = sum(weight.get(word, 0.0) * idf[word] for word in telling) / length
                nearness = max(score, 0.0) / best if best > 0 else 1.0
                found.append(_Candidate(row, sentence, telling, nearness, central))
        return found


def fit_to_quote(words_of_post: str, language: str) -> Iterator[str]:
    """Yield the sentences of a post, title included, that may be quoted by themselves.

    Neither too short nor too long, complete, in the ``language`` of the post, and without addresses or numbers of people.
    """
    for sentence in sentences(words_of_post):
        han = is_han(sentence)
        shortest, longest = (SHORTEST_HAN, LONGEST_HAN) if han else (SHORTEST, LONGEST)
        if (
            shortest <= len(sentence) <= longest
            and not sentence.endswith(("…", "...", ":", "：", ",", "，"))
            and not _PRIVATE.search(sentence)
            and reads_as(sentence, language)
            and not boilerplate(sentence)
        ):
            yield sentence


def _form(sentence: str) -> float:
    """Return a small bonus for a sentence that looks complete: it ends with a full stop and does not begin in lower case."""
    begins = not sentence[0].islower()
    return 0.04 * bool(_COMPLETE.search(sentence)) + 0.02 * begins


def _shared(one: frozenset[str], other: frozenset[str], idf: Mapping[str, float]) -> float:
    """Return the share of ``one``'s words, by how rare they are, that stand in ``other`` too."""
    whole = sum(idf[word] for word in one)
    return sum(idf[word] for word in one & other) / whole if whole else 1.0


def _repeats(one: frozenset[str], other: frozenset[str], idf: Mapping[str, float]) -> bool:
    """Tell whether ``one`` says little that ``other`` does not."""
    return _shared(one, other, idf) >= SAME_WORDS
