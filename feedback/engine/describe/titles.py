"""What a group is called: the clause that says best what its posts share, worded as a title."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from feedback.engine.data.corpus import Corpus, Doubles, Floats, Ints
from feedback.engine.data.rows import Rows
from feedback.engine.describe.keywords import Keywords
from feedback.engine.describe.polish import fits, polish, shortened
from feedback.engine.describe.wording import wording
from feedback.engine.rules.contraction import squeezed
from feedback.engine.words.clauses import clauses
from feedback.kernel import text as words
from feedback.kernel.languages import reads_as

#: The most central posts whose clauses are looked at, clauses of each, and clauses of all that are worded.
POSTS_READ, CLAUSES_READ, MOST_WORDED = 12, 8, 10
#: A post less central than this share of the most central one does not speak for the group.
NEARLY_CENTRAL = 0.92
#: What it is worth that a post stands in the middle, that a clause names what the group shares, that what it says is shared, that it reads
#: well, and that its post clearly asks for something.
CENTRAL, NAMING, SHARED, WORDED, ASKS = 2.0, 0.5, 0.8, 0.4, 0.2
#: What it costs to name the product, which every title is about.
NAMED = 0.25
#: Titles with this share of their telling words in common say the same.
ALIKE = 0.75
#: Posts of the other language from which a group gets a title in it too.
SECOND_FROM = 2


@dataclass(frozen=True)
class Title:
    """A title, the row of the post it is taken from, and titles in the languages that other posts are in."""

    text: str
    row: int
    others: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Candidate:
    text: str
    row: int
    worth: float
    gist: frozenset[str]


@dataclass(frozen=True)
class _Group:
    """The posts ``rows`` of a group, how central each is, how much each shared word weighs, and the ``spread`` of all words.

    ``spread`` is the share of the posts that hold a word.
    """

    rows: Ints
    centrality: Rows
    rank: Mapping[str, float]
    spread: Mapping[str, float]


class Titles:
    """Gives the groups of a board titles that differ from each other.

    ``names`` are what the product is called; ``asking`` (n,) says how clearly each post asks (`Speech.asking`). Name large
    groups first: who comes later has to say it otherwise.
    """

    def __init__(
        self,
        corpus: Corpus,
        keywords: Keywords,
        *,
        names: Collection[str] = (),
        asking: Doubles | None = None,
    ) -> None:
        self._corpus = corpus
        self._keywords = keywords
        self._names = names
        self._called = {word for name in names for word in words.tokens(name)}
        self._asking = asking
        self._taken: list[frozenset[str]] = []
        self._holding: dict[str, set[int]] = {}
        self._texts: set[str] = set()

    def of(self, rows: Ints, centrality: Rows, shared: Sequence[str]) -> Title:
        """Return the title of the posts ``rows``, in the language of most, and in others that some are in.

        ``centrality`` (len(rows),) is each post's mean similarity to the group, ``shared`` the group's keywords.
        """
        if len(rows) == 1:
            return self._alone(int(rows[0]))
        languages = Counter(self._corpus.languages[row] for row in rows.tolist())
        main = min(languages, key=lambda one: (-languages[one], one))
        rank = {word: 1.0 / (1 + at) for at, word in enumerate(shared)}
        group = _Group(rows, centrality, rank, self._keywords.spread(rows))
        best = self._best(group, main)
        others = {}
        for language, count in languages.items():
            if language != main and count >= min(SECOND_FROM, len(rows) // 2):
                others[language] = self._best(group, language).text
        return Title(best.text, best.row, others)

    def _alone(self, row: int) -> Title:
        """Return the title of a post without company: no ask, so it may be called what another is."""
        for clause in self._said(row)[:CLAUSES_READ]:
            text = polish(clause, self._names)
            if text and fits(text):
                return Title(text, row)
        return Title(shortened(self._plain(row)), row)

    def _best(self, group: _Group, language: str) -> _Candidate:
        found = self._candidates(group, language)
        new = [one for one in found if not self._is_taken(one)]
        best = max(new or found, key=lambda one: (round(one.worth, 4), -len(one.text), -one.row))
        if not new:
            best = self._told_from_others(best, group.rank)
        self._take(best)
        return best

    def _candidates(self, group: _Group, language: str) -> list[_Candidate]:
        """Return what the group could be called, one at least."""
        rows, centrality, spoken_in = group.rows, group.centrality, self._corpus.languages
        spoken = [at for at, row in enumerate(rows.tolist()) if spoken_in[row] == language]
        order = sorted(spoken, key=lambda at: (-round(float(centrality[at]), 4), rows[at]))
        highest = max(float(centrality[order[0]]), 1e-6)
        read: list[_Candidate] = []
        for at in order[:POSTS_READ]:
            central = float(centrality[at]) / highest
            if central < NEARLY_CENTRAL and read:
                break
            row = int(rows[at])
            said = self._said(row)[:CLAUSES_READ]
            read += [self._judged(clause, row, central, group) for clause in said]
        # Wording takes time: that of the clauses which say most of what the group shares.
        read.sort(key=lambda one: (-round(one.worth, 4), len(one.text), one.row))
        found: dict[str, _Candidate] = {}
        for one in read[: MOST_WORDED * 3]:
            text = polish(one.text, self._names)
            if text and fits(text) and reads_as(text, language) and text not in found:
                is_wish = not squeezed(one.text).startswith(squeezed(text))
                worded = wording(text, words.tokens(text), language, is_wish=is_wish)
                worth = one.worth + WORDED * worded
                found[text] = replace(one, text=text, worth=worth)
            if len(found) >= min(MOST_WORDED, 2 + len(rows) // 2):
                break
        if found:
            return list(found.values())
        row = int(rows[order[0]])
        plain = self._plain(row)
        return [self._judged(shortened(polish(plain, self._names) or plain), row, 1.0, group)]

    def _plain(self, row: int) -> str:
        """Return how a post begins, on one line: what it is called when no clause of it will do."""
        return " ".join((self._corpus.titles[row].strip() or self._corpus.texts[row])[:600].split())

    def _said(self, row: int) -> list[str]:
        """Return the clauses of a post, those of its title first."""
        lead, title, text = (
            of[row] for of in (self._corpus.leads, self._corpus.titles, self._corpus.texts)
        )
        return clauses(lead) if lead else clauses(f"{title}\n{text[:600]}")

    def _judged(self, text: str, row: int, central: float, group: _Group) -> _Candidate:
        """Return a clause with what it is worth, but for its wording."""
        cut = words.tokens(text)
        telling = frozenset(
            word for word in cut if self._keywords.tells(word) and word not in self._called
        )
        naming = sum(weight for word, weight in group.rank.items() if word in cut)
        whole = sum(self._keywords.idf(word) for word in telling)
        common = sum(self._keywords.idf(word) * group.spread.get(word, 0.0) for word in telling)
        worth = CENTRAL * central
        if self._called.intersection(cut):
            worth -= NAMED
        if self._asking is not None:
            worth += ASKS * float(np.clip(self._asking[row], -1.0, 1.0))
        if group.rank:
            worth += NAMING * naming / sum(group.rank.values())
        if whole:
            worth += SHARED * common / whole
        return _Candidate(text, row, worth, telling or frozenset(cut))

    def _is_taken(self, one: _Candidate) -> bool:
        """Tell whether a group before is called the same, or nearly."""
        if squeezed(one.text) in self._texts:
            return True
        # What says nearly the same lacks so few of the words that it holds one of the rarest: common words would lead to
        # nearly all titles of a large board (prefix filtering, Chaudhuri, Ganti and Kaushik 2006).
        rarest = sorted(one.gist, key=lambda word: len(self._holding.get(word, ())))
        enough = len(rarest) - math.ceil(ALIKE * len(rarest)) + 1
        near = {at for word in rarest[:enough] for at in self._holding.get(word, ())}
        return any(
            len(one.gist & self._taken[at]) >= ALIKE * len(one.gist | self._taken[at])
            for at in near
        )

    def _told_from_others(self, one: _Candidate, shared: Iterable[str]) -> _Candidate:
        """Return a title of the same post with a word of the group that is not in it, to tell it from its namesake."""
        for word in shared:
            text = f"{one.text} ({word})"
            known = word in one.gist or word in self._called or not self._keywords.tells(word)
            if not known and squeezed(text) not in self._texts:
                return _Candidate(text, one.row, one.worth, one.gist | {word})
        number = 2
        while squeezed(f"{one.text} ({number})") in self._texts:
            number += 1
        taken = squeezed(one.text) in self._texts
        return _Candidate(
            f"{one.text} ({number})" if taken else one.text, one.row, one.worth, one.gist
        )

    def _take(self, one: _Candidate) -> None:
        self._texts.add(squeezed(one.text))
        for word in one.gist:
            self._holding.setdefault(word, set()).add(len(self._taken))
        self._taken.append(one.gist)


def medoid(vectors: Floats) -> int:
    """Return the row with the greatest mean similarity to all rows of ``vectors``."""
    return int(np.argmax(vectors @ vectors.sum(axis=0)))
