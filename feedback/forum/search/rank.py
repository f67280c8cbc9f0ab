"""How well a post answers a query: one formula for both databases, over the tokens of its row. Pure.

BM25F with two fields: a word in the title counts four times, the longer a text the less each of its words says. A word
as it was typed counts more than another form of it, that more than a longer word that begins so. Words that stand
together as they were typed count for more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feedback.forum.search.language.words import ALONE, Alternative, Term, stem
from feedback.forum.search.table import Row

TITLE_WEIGHT = 4.0
#: How much the same word again adds, and how much the length of a text takes away.
_SATURATION, _LENGTH = 1.2, 0.6
#: Letters of a usual title and body, as streams.
_TITLE_LETTERS, _BODY_LETTERS = 40, 300
#: A word as typed, another form of it, what begins with it or is loosely the same.
_EXACT, _FORM, _LOOSE = 1.0, 0.8, 0.5
#: A Chinese character inside a longer word.
_INSIDE = 0.5
#: What standing together adds, of all that the words count for.
_TOGETHER_IN_TITLE, _TOGETHER_IN_BODY = 0.6, 0.3
_MOST_TIMES = 5
#: Letters of a stream within which words belong together, and what they count for farther apart.
_NEAR, _APART = 200, 0.4


@dataclass(frozen=True, slots=True)
class Sought:
    """A term as it is looked for in the tokens of a row; ``weight`` says how much it tells."""

    exact: tuple[str, ...]
    is_character: bool
    strict: tuple[tuple[str, ...], ...]
    loose: tuple[tuple[str, ...], ...]
    weight: float = 1.0

    @classmethod
    def of(cls, term: Term, weight: float = 1.0) -> "Sought":
        single = [tuple(map(stem, name)) for name in term.names if len(name) == 1]
        return cls(
            tuple(f" {' '.join(one)} " for one in (term.exact, *term.names)),
            len(term.exact) == 1 and len(term.word) == 1 and not term.word.isascii(),
            tuple(map(_spaced, [*term.strict, *single])),
            tuple(map(_spaced, term.loose)),
            weight,
        )

    def found(self, stream: str, everything: str) -> float:
        """Return how often and how well it stands in a column, 0 when it does not."""
        times = max(stream.count(one) for one in self.exact)
        if times:
            return _EXACT * min(times, _MOST_TIMES)
        if self.is_character and f"{self.exact[0].rstrip()}{ALONE} " in everything:
            return _EXACT
        if _any_of(self.strict, everything):
            return _INSIDE if self.is_character else _FORM
        return _LOOSE if _any_of(self.loose, everything) else 0.0


def _spaced(tokens: Alternative) -> tuple[str, ...]:
    return tuple(f" {one[:-1]}" if one.endswith("*") else f" {one} " for one in tokens)


def _any_of(alternatives: Iterable[tuple[str, ...]], everything: str) -> bool:
    return any(all(token in everything for token in tokens) for tokens in alternatives)


def score(row: Row, sought: Sequence[Sought], *, typed: str = "", wants_all: bool = False) -> float:
    """Return how well ``row`` answers what is ``sought``, 0 when it has nothing of it.

    ``typed`` is all that was typed, as a part of a stream: to say just that counts for more. With ``wants_all`` a row
    without one of them counts 0.
    """
    total = weight = 0.0
    near = _nearness(row, sought) if len(sought) > 1 else 1.0
    for one in sought:
        weight += one.weight
        in_title = one.found(row.title, row.title_all)
        in_body = near * one.found(row.body, row.body_all)
        if in_title or in_body:
            times = TITLE_WEIGHT * in_title / _length(row.title, _TITLE_LETTERS)
            times += in_body / _length(row.body, _BODY_LETTERS)
            total += one.weight * times * (_SATURATION + 1) / (times + _SATURATION)
        elif wants_all:
            return 0.0
    if typed and typed.count(" ") > 2:  # more than one token
        if typed in row.title:
            total += _TOGETHER_IN_TITLE * weight
        elif typed in row.body:
            total += _TOGETHER_IN_BODY * weight
    return total


def _nearness(row: Row, sought: Sequence[Sought]) -> float:
    """Return what the body's words count for: words of a query that stand far apart in a long text say little."""
    if len(row.body) < _NEAR:
        return 1.0
    places: list[list[int]] = []
    for one in sought:
        here = [at for exact in one.exact for at in _places(row.body, exact)]
        if here:
            places.append(sorted(here))
    if len(places) < 2:
        return 1.0
    span = min(
        max(abs(at - min(others, key=lambda other: abs(other - at))) for others in places[1:])
        for at in places[0]
    )
    return 1.0 if span < _NEAR else _APART


def _places(stream: str, exact: str) -> list[int]:
    found: list[int] = []
    at = stream.find(exact)
    while at >= 0 and len(found) < _MOST_TIMES:
        found.append(at)
        at = stream.find(exact, at + 1)
    return found


def _length(stream: str, usual: int) -> float:
    return 1 - _LENGTH + _LENGTH * len(stream) / usual


def stands(row: Row, exact: Sequence[str]) -> bool:
    """Return whether the tokens ``exact`` stand in ``row`` one after the other."""
    wanted = f" {' '.join(exact)} "
    return wanted in row.title or wanted in row.body
