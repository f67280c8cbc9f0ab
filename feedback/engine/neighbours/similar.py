"""Similar posts, by meaning and by word."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.sparse import csr_matrix

from feedback.engine.data.corpus import Corpus, Floats, Id
from feedback.engine.data.space import Space
from feedback.kernel import text as words
from feedback.kernel.languages import spoken_in
from feedback.kernel.spelling import one_letter_away

#: Share of the words for a long query, and the lengths (in words) between which it grows from nothing.
LONG_SHARE = 0.5
SHORT, LONG = 10, 60
#: Least share when a query holds an identifier: a version number, a product, a Latin name inside Chinese.
IDENTIFIER_SHARE = 0.15
#: Least share when a query holds a word that only a slip explains, and how much the word that was meant then counts.
SLIP_SHARE = 0.2
MEANT_WEIGHT = 0.6
#: A word of so many letters, in so few posts, may be a slip; of so many others at most.
SLIP_FROM = 4
SELDOM = 1
MEANT = 3
#: Words of the longest query that slips are looked for in: in a page of text they do not decide.
SLIPS_WITHIN = 30


def word_share(text: str, length: int) -> float:
    """Return how much the words of a query count against its meaning.

    Short sentences that differ in one word often ask for different things, or for the same in other words:
    there meaning alone decides. In a page of text the names and errors that two posts share tell more.
    """
    grown = LONG_SHARE * min(max(length - SHORT, 0) / (LONG - SHORT), 1.0)
    return max(grown, IDENTIFIER_SHARE if words.names_something(text[:500]) else 0.0)


class Similar:
    """Rank the posts of a board by fused likeness to a text: cosine similarity plus the words in common.

    Meaning finds other wordings and the other language; words (a cosine of BM25-weighted tokens) find product
    names, version numbers and errors, which sentence vectors blur. How much they count: see `word_share`. A word
    the board hardly knows also finds the commonest words that are one letter away.
    """

    def __init__(self, corpus: Corpus, *, space: Space | None = None) -> None:
        self.corpus = corpus
        self.space = space or Space.fit(corpus)
        self.vectors = self.space.transform(corpus.vectors, corpus.languages)
        cut = [words.search_tokens(text[:2000]) for text in corpus.full_texts]
        frequency: Counter[str] = Counter()
        for tokens in cut:
            frequency.update(set(tokens))
        self._vocabulary: dict[str, int] = {word: at for at, word in enumerate(sorted(frequency))}
        n = max(len(corpus), 1)
        self._idf = np.array(
            [
                math.log(1 + (n - frequency[w] + 0.5) / (frequency[w] + 0.5))
                for w in self._vocabulary
            ],
            dtype=np.float32,
        )
        self._frequency = frequency
        self._matrix = self._weigh(cut)

    def _meant(self, tokens: Sequence[str]) -> dict[str, float]:
        """Return the words that seldom or unknown ones of ``tokens`` may be slips of, and what each counts."""
        found: dict[str, float] = {}
        for word in dict.fromkeys(tokens if len(tokens) <= SLIPS_WITHIN else ()):
            if len(word) >= SLIP_FROM and self._frequency[word] <= SELDOM:
                known = one_letter_away(word) & self._frequency.keys()
                likely = [other for other in known if len(other) >= SLIP_FROM]
                commonest = sorted(likely, key=lambda other: (-self._frequency[other], other))
                for rank, meant in enumerate(commonest[:MEANT]):
                    found[meant] = max(found.get(meant, 0.0), MEANT_WEIGHT / (1 + rank))
        return {word: weight for word, weight in found.items() if word not in tokens}

    def _weigh(
        self, cut: Sequence[Sequence[str]], meant: Sequence[Mapping[str, float]] = ()
    ) -> csr_matrix:
        data: list[float] = []
        columns: list[int] = []
        starts = [0]
        for place, tokens in enumerate(cut):
            counts: dict[int, float] = defaultdict(float)
            for word in tokens:
                at = self._vocabulary.get(word)
                if at is not None:
                    counts[at] += 1.0
            for word, weight in meant[place].items() if meant else ():
                counts[self._vocabulary[word]] += weight
            row = {at: (c / (c + 1.2)) * float(self._idf[at]) for at, c in sorted(counts.items())}
            norm = math.sqrt(sum(value * value for value in row.values())) or 1.0
            columns.extend(row)
            data.extend(value / norm for value in row.values())
            starts.append(len(columns))
        return csr_matrix(
            (np.array(data, np.float32), np.array(columns, np.int32), np.array(starts, np.int64)),
            shape=(len(cut), max(len(self._vocabulary), 1)),
        )

    def search(
        self,
        texts: Sequence[str],
        vectors: Floats | None,
        languages: Sequence[str] | None = None,
        *,
        k: int = 10,
        own: Sequence[Id | None] | None = None,
    ) -> list[list[tuple[Id, float]]]:
        """Return for every text its ``k`` most similar posts, best first, with scores up to 1.

        Without ``vectors`` (the encoder is down) words alone decide. ``own`` names the post a query is, so
        that it does not find itself.
        """
        spoken = languages or [spoken_in(text) for text in texts]
        cut = [words.search_tokens(text[:2000]) for text in texts]
        meant = [self._meant(tokens) for tokens in cut]
        lexical = self._weigh(cut, meant)
        shares = np.array(
            [
                max(word_share(text, len(one)), SLIP_SHARE if slips else 0.0)
                for text, one, slips in zip(texts, cut, meant, strict=True)
            ],
            dtype=np.float32,
        )
        meaning = None if vectors is None else self.space.transform(vectors, spoken)
        row_of = {i: row for row, i in enumerate(self.corpus.ids)}
        answers = []
        block = max(1, 8_000_000 // max(len(self.corpus), 1))
        for start in range(0, len(texts), block):
            by_word = (lexical[start : start + block] @ self._matrix.T).toarray()
            if meaning is None:
                fused = by_word
            else:
                by_meaning = meaning[start : start + block] @ self.vectors.T
                share = shares[start : start + block, None]
                fused = (1 - share) * by_meaning + share * by_word
            for offset, scores in enumerate(fused):
                mine = own[start + offset] if own is not None else None
                if mine is not None and mine in row_of:
                    scores[row_of[mine]] = -np.inf
                reach = min(k, len(scores))
                top = np.argpartition(-scores, reach - 1)[:reach] if reach else np.arange(0)
                ranked = sorted(top.tolist(), key=lambda row: (-scores[row], row))
                answers.append(
                    [
                        (self.corpus.ids[row], round(float(scores[row]), 4))
                        for row in ranked
                        if np.isfinite(scores[row])
                    ]
                )
        return answers
