"""Spelling slips: which known words somebody may have meant.

Sentence models read a misspelt word as its pieces, and words that differ in a letter share nothing. So a Latin
word that the board hardly knows is compared with the words it does know, by the pairs of letters they share and
then by the letters that would have to be added, left out, replaced or swapped (Damerau 1964).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

#: A word this short has too many neighbours; a longer one may hold one slip, a long one two.
SHORTEST = 4
LONG = 8
#: Candidates whose letters are compared one by one.
_COMPARED = 40
#: Words meant at most for one that was written.
_MEANT = 3


def is_latin(word: str) -> bool:
    """Return whether ``word`` is long enough and made of Latin letters: slips of others are not guessed."""
    return len(word) >= SHORTEST and word.isascii() and word.isalpha()


class Slips:
    """The words of a board, ready to be asked which of them a misspelt word may be."""

    def __init__(self, frequency: Mapping[str, int]) -> None:
        """``frequency`` says in how many posts each word stands."""
        self._frequency = {word: times for word, times in frequency.items() if is_latin(word)}
        self._with: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._frequency):
            for pair in _pairs(word):
                self._with[pair].append(word)

    def meant(self, word: str) -> list[str]:
        """Return the words, likeliest first, that ``word`` may be a slip of; none when it is not Latin."""
        if not is_latin(word):
            return []
        allowed = 2 if len(word) >= LONG else 1
        shared: Counter[str] = Counter()
        for pair in _pairs(word):
            shared.update(self._with.get(pair, ()))
        shared.pop(word, None)
        likely = sorted(
            (other for other in shared if abs(len(other) - len(word)) <= allowed),
            key=lambda other: (-shared[other], -self._frequency[other], other),
        )
        found = []
        for other in likely[:_COMPARED]:
            apart = distance(word, other, allowed)
            # A first letter is seldom wrong; an ending is often merely another form of the word.
            if apart <= allowed and (word[0] == other[0] or apart == 1):
                found.append((apart, -self._frequency[other], other))
        return [other for _, _, other in sorted(found)[:_MEANT]]


def _pairs(word: str) -> Iterable[str]:
    edged = f"^{word}$"
    return sorted({edged[i : i + 2] for i in range(len(edged) - 1)})


def distance(a: str, b: str, most: int) -> int:
    """Return how many letters must be added, left out, replaced or swapped to make ``b`` of ``a``.

    Anything above ``most`` is returned as ``most`` + 1.
    """
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, start=1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(b, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
