"""What was perhaps meant: a letter wrong, two words written as one, Chinese that sounds the same, pinyin."""

from collections.abc import Callable, Iterable, Sequence
from itertools import product

from feedback.forum.search import table
from feedback.forum.search.language.words import SOUND, Alternative, Term, stem
from feedback.kernel.sounds import blurred, sounds_of
from feedback.kernel.spelling import one_letter_away

#: A word in so few posts may be a slip of one that stands in so many times more.
RARE, _TIMES = 2, 10
#: A slip is guessed of words of so many letters; a shorter one is too much like others.
_FROM = 4
#: So many words near each are taken.
_NEAR = 3
#: Ways that a run of characters may be heard in.
_HEARINGS = 8

Count = Callable[[str], int]


def meant(term: Term, *, count: Count) -> list[Term]:
    """Return what ``term``, which hardly anybody has written, may have been meant to be; the commonest first."""
    if term.is_word:
        return [*_near_misses(term.word, count=count), *_apart(term.word), *_heard_in_latin(term)]
    return _heard(term, count=count)


def _near_misses(word: str, *, count: Count) -> list[Term]:
    """Return the commonest words of the index one letter away from ``word``."""
    variants = sorted(near_spellings(word))
    there = table.present(variants)
    least = _TIMES * count(word)
    near = sorted(((count(one), one) for one in there), reverse=True)
    return [_plain(one) for found, one in near[:_NEAR] if found > least]


def near_spellings(word: str) -> set[str]:
    """Return what ``word`` may be a slip of; of a plural, the singular too."""
    if len(word) < _FROM:
        return set()
    found = one_letter_away(word)
    if word.endswith("s") and len(word) > _FROM + 1:
        found |= one_letter_away(word[:-1])
    return found - {word}


def _plain(word: str) -> Term:
    return Term(word, (word,), ((stem(word),),))


def _apart(word: str) -> list[Term]:
    """Return the two words that ``word`` may have been written together of."""
    if not (word.isalpha() and len(word) > _FROM):
        return []
    halves = [(word[:at], word[at:]) for at in range(2, len(word) - 1)]
    there = table.present({half for pair in halves for half in pair})
    return [Term(word, pair, names=(pair,)) for pair in halves if there.issuperset(pair)]


def _heard_in_latin(term: Term) -> list[Term]:
    """Return the two characters that ``term`` may be the pinyin of."""
    if not (term.word.isascii() and term.word.isalpha()):
        return []
    sound = SOUND + blurred(term.word)
    return [Term(term.word, (sound,), ((sound,),))] if table.present([sound]) else []


def _heard(term: Term, *, count: Count) -> list[Term]:
    """Return ``term`` with each pair of characters that hardly anybody has written replaced by how it sounds."""
    ways: list[Sequence[str]] = []
    is_heard = False
    for pair in term.exact:
        sounds = [SOUND + sound for sound in sounds_of(pair)] if len(pair) == 2 else []
        if sounds and count(pair) <= RARE:
            is_heard = True
            ways.append(sounds)
        else:
            ways.append([pair])
    if not is_heard:
        return []
    heard: Iterable[Alternative] = product(*ways)
    alternatives = [one for one, _ in zip(heard, range(_HEARINGS), strict=False)]
    return [Term(term.word, term.exact, tuple(alternatives))]
