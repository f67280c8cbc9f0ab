"""Which posts move as one: those that decisions bind, and those with the same words."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from feedback.engine.data.corpus import Corpus, Id, Ints, Key
from feedback.engine.rules.constraints import Resolved
from feedback.kernel import text as words

#: Vowel signs of Indic, Thai and Lao words, which are no letters to `re`.
_SIGNS = "\u0900-\u0963\u0966-\u0dff\u0e00-\u0eff"
#: What tells nothing apart. "C++" is not "C#", nor "1.5" the same as "15".
_NOT_A_WORD = re.compile(
    rf"[^\w.,:+#{_SIGNS}]+|_|(?<!\d)[.,:]|[.,:](?!\d)|(?<![a-z])(?<![a-z]\+)[+#]"
)


def squeezed(text: str) -> str:
    """Return ``text`` without case, width, spaces and punctuation: what makes two posts identical."""
    folded = words.fold(text)
    return _NOT_A_WORD.sub("", folded) or "".join(folded.split())


@dataclass
class Bundle:
    """Rows that stay together in this run, and what decisions say about them."""

    rows: list[int]
    key: Key | None = None
    forbidden: set[Key] = field(default_factory=set)
    origins: set[Key] = field(default_factory=set)
    apart: set[int] = field(default_factory=set)
    decided: bool = False
    frozen: bool = False


@dataclass(frozen=True)
class Bundles:
    """The board as bundles: ``of_row`` (n,) is the bundle of each row, ``apart`` the pairs that must not meet."""

    bundles: list[Bundle]
    of_row: Ints
    apart: set[tuple[int, int]]


def bundle(corpus: Corpus, decided: Resolved, previous: Mapping[Id, Key]) -> Bundles:
    """Contract decided components first, then identical texts wherever no decision stands between them.

    ``corpus`` is in id order: where two identical posts must be apart, which of them a third one joins does not depend on
    the order of the input.
    """
    bundles: list[Bundle] = []
    of_row = np.full(len(corpus), -1, dtype=np.int64)
    by_component: dict[int, int] = {}
    for row, i in enumerate(corpus.ids):
        component = decided.component.get(i)
        number = len(bundles) if component is None else by_component.get(component, len(bundles))
        if number == len(bundles):
            bundles.append(Bundle([]))
            if component is not None:
                by_component[component] = number
                made = bundles[number]
                made.key = decided.key.get(component)
                made.forbidden = set(decided.forbidden.get(component, ()))
                made.decided = len(decided.members[component]) > 1 or made.key is not None
                made.frozen = made.key in decided.locked if made.key is not None else False
        bundles[number].rows.append(row)
        of_row[row] = number
        if i in previous:
            bundles[number].origins.add(previous[i])
    for left, right in decided.apart:
        if left in by_component and right in by_component:
            a, b = by_component[left], by_component[right]
            bundles[a].apart.add(b)
            bundles[b].apart.add(a)
    _join_identical(corpus, bundles, of_row)

    alive = np.unique(of_row)
    renumber = {int(old): new for new, old in enumerate(alive)}
    kept = [bundles[old] for old in alive]
    of_row = np.array([renumber[int(old)] for old in of_row], dtype=np.int64)
    apart = {
        (min(a, renumber[other]), max(a, renumber[other]))
        for a, one in enumerate(kept)
        for other in one.apart
    }
    apart |= _contested(kept)
    return Bundles(kept, of_row, apart)


def _join_identical(corpus: Corpus, bundles: list[Bundle], of_row: Ints) -> None:
    twins: dict[str, list[int]] = defaultdict(list)
    for row, text in enumerate(corpus.full_texts):
        twins[squeezed(text)].append(row)
    for rows in twins.values():
        homes: list[int] = []
        for row in rows:
            number = int(of_row[row])
            if number in homes:
                continue
            for home in homes:
                if _may_join(bundles, home, number):
                    _absorb(bundles, of_row, home, number)
                    break
            else:
                homes.append(number)


def _may_join(bundles: list[Bundle], a: int, b: int) -> bool:
    one, other = bundles[a], bundles[b]
    if one.frozen or other.frozen or b in one.apart:
        return False
    if one.key is not None and other.key is not None and one.key != other.key:
        return False
    held_one = one.origins | ({one.key} if one.key is not None else set())
    held_other = other.origins | ({other.key} if other.key is not None else set())
    return not (one.forbidden & held_other or other.forbidden & held_one)


def _absorb(bundles: list[Bundle], of_row: Ints, a: int, b: int) -> None:
    one, other = bundles[a], bundles[b]
    of_row[other.rows] = a
    one.rows = sorted(one.rows + other.rows)
    one.key = one.key if one.key is not None else other.key
    one.forbidden |= other.forbidden
    one.origins |= other.origins
    one.decided |= other.decided
    for third in other.apart:
        bundles[third].apart.discard(b)
        bundles[third].apart.add(a)
        one.apart.add(third)
    other.apart = set()


def _contested(bundles: list[Bundle]) -> set[tuple[int, int]]:
    """A bundle kept out of a group stays away from all that was in that group, so it cannot inherit its key."""
    members: dict[Key, list[int]] = defaultdict(list)
    for number, one in enumerate(bundles):
        for key in one.origins | ({one.key} if one.key is not None else set()):
            members[key].append(number)
    return {
        (min(number, other), max(number, other))
        for number, one in enumerate(bundles)
        for key in one.forbidden
        for other in members[key]
        if other != number
    }
