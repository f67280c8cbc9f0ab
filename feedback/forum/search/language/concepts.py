"""What goes by several names, in Chinese and English: 深色模式, 夜间模式, dark mode, night mode.

The names stand in concepts.txt. A search for one finds posts with another, without the encoder and where it does not know
the word.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from feedback.forum.search.language.slips import near_spellings
from feedback.forum.search.language.words import Term, form_of, pieces, stem, terms_of
from feedback.kernel.folding import fold_spelling

_FILE = Path(__file__).with_name("concepts.txt")
#: Words between spaces that a name has at most.
_WORDS = 5

#: A name as a part of a stream.
Name = tuple[str, ...]


@dataclass(frozen=True)
class _Concepts:
    """Names of each concept; concepts by the stems of a name in words, and by a name in characters."""

    names: tuple[tuple[Name, ...], ...]
    by_words: dict[Name, list[int]]
    by_characters: dict[str, list[int]]
    longest: int
    words: frozenset[str]


@lru_cache(maxsize=1)
def _concepts() -> _Concepts:
    names: list[tuple[Name, ...]] = []
    words: set[str] = set()
    by_words: defaultdict[Name, list[int]] = defaultdict(list)
    by_characters: defaultdict[str, list[int]] = defaultdict(list)
    for line in _FILE.read_text("utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        here: dict[Name, None] = {}
        for written in line.split(","):
            name = fold_spelling(written.strip())
            stream = tuple(token for term in terms_of(name) for token in term.exact)
            if not stream:
                continue
            here[_in_characters(name) or stream] = None
            joined = "".join(stream)
            if len(stream) > 1 and joined.isascii():  # "darkmode", "picture-in-picture"
                here[(joined,)] = None
                by_words[(stem(joined),)].append(len(names))
            if _in_characters(name):
                by_characters[name].append(len(names))
            else:
                by_words[tuple(map(stem, stream))].append(len(names))
                words |= set(stream) if len(stream) == 1 else set()
        names.append(tuple(here))
    return _Concepts(
        tuple(names),
        dict(by_words),
        dict(by_characters),
        max(map(len, by_characters)),
        frozenset(words),
    )


def _in_characters(name: str) -> Name:
    """Return a name of Chinese characters alone as a part of a stream; () for others."""
    kinds = [kind for kind, *_ in pieces(name)]
    if kinds != ["run"]:
        return ()
    return tuple(name[at : at + 2] for at in range(len(name) - 1))


def meant_name(word: str) -> str:
    """Return the name of one word that ``word`` is a slip of, "" if there is none."""
    known = _concepts().words
    near = sorted(near_spellings(word) & known) if word not in known else []
    return near[0] if near else ""


def by_other_names(words: str) -> list[Term]:
    """Return what ``words`` ask for with every name in them standing for all names of the same; [] if there is none."""
    known = _concepts()
    folded = fold_spelling(words)
    found: list[Term] = []
    has_names = False
    between: list[tuple[str, str]] = []
    for kind, text, *_ in pieces(folded):
        if kind == "word":
            between.append((text, form_of(text)))
            continue
        has_names |= _take_words(between, found)
        between = []
        if kind == "run":
            has_names |= _take_characters(text, found)
        else:
            found += terms_of(text)
    has_names |= _take_words(between, found)
    if not has_names or not known:
        return []
    once = list({term.word: term for term in found}.values())
    return [term for term in once if not term.is_function] or once


def _take_words(words: list[tuple[str, str]], found: list[Term]) -> bool:
    """Add the terms of words that stand side by side to ``found``; return whether a name was among them."""
    known = _concepts().by_words
    stems = [stem(form) for _, form in words]
    at, has_names = 0, False
    while at < len(words):
        for count in range(min(_WORDS, len(words) - at), 0, -1):
            concepts = known.get(tuple(stems[at : at + count]))
            if concepts:
                own = tuple(form for _, form in words[at : at + count])
                found.append(
                    _term(" ".join(text for text, _ in words[at : at + count]), own, concepts)
                )
                at, has_names = at + count, True
                break
        else:
            found += terms_of(words[at][0])
            at += 1
    return has_names


def _take_characters(run: str, found: list[Term]) -> bool:
    """Add the terms of a run of characters to ``found``, the longest names first; return whether there was one."""
    concepts = _concepts()
    at, rest, has_names = 0, "", False
    while at < len(run):
        for length in range(min(concepts.longest, len(run) - at), 1, -1):
            name = run[at : at + length]
            if name in concepts.by_characters:
                if rest:
                    found += terms_of(rest)
                found.append(_term(name, _in_characters(name), concepts.by_characters[name]))
                at, rest, has_names = at + length, "", True
                break
        else:
            rest += run[at]
            at += 1
    if rest:
        found += terms_of(rest)
    return has_names


def _term(word: str, own: Name, concepts: list[int]) -> Term:
    names = dict.fromkeys(name for one in concepts for name in _concepts().names[one])
    names.pop(own, None)
    return Term(word, own, names=(own, *names))
