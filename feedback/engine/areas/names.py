"""What an area is called: one to three words that most of its asks share and the other areas do not."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import rjieba

from feedback.engine.areas.words import ASKING, ASKING_HAN, BEFORE_NOUNS, NAMING
from feedback.engine.data.corpus import Doubles, Ints
from feedback.engine.data.word_lists import EMPTY_CHINESE, STOP_WORDS
from feedback.engine.words.empty_words import SAYING_NOTHING
from feedback.kernel import text as words_of

_HAN = re.compile(r"[\u3400-\u9fff]")
_SHARE = 0.25
#: Asks (by weight) that have to hold a word before it names them, and where no word does.
_ENOUGH = 2.0
_AT_LEAST = 0.8
#: The share of an area's asks that a second word of its name is heard in.
_HEARD = 0.1
#: What a word counts that a single ask holds.
_OF_ONE = 0.4
_LONGEST = 60
_PLURAL = re.compile(r"(?<=[a-z])(?:ies|(?<=[sxz])es|(?<=ch)es|(?<=sh)es|(?<=[^su])s)$")


@dataclass(frozen=True)
class Name:
    """What an area is called, and up to four words that tell it from the others, best first."""

    text: str
    keywords: tuple[str, ...]


def telling(tokens: Sequence[str]) -> set[str]:
    """Return the words of a post that may name something, and pairs that stand beside each other."""
    found = set()
    last = ""
    for word in tokens:
        if not _may_name(word):
            last = ""
            continue
        found.add(word)
        if last and last != word:
            if not _HAN.match(last) and not _HAN.match(word):
                found.add(f"{last} {word}")
            elif len(last) == len(word) == 2 and _HAN.match(last) and _HAN.match(word):
                found.add(last + word)
        last = word
    return found


def _may_name(word: str) -> bool:
    if word in STOP_WORDS or word in ASKING or word in ASKING_HAN:
        return False
    if word in SAYING_NOTHING and word not in NAMING:
        return False
    if _HAN.match(word):
        return len(word) > 1 and word[-1] not in "吗呢吧啊呀了" and word not in EMPTY_CHINESE
    if word[0].isdigit() or "'" in word or "’" in word:
        return False
    return len(word) > 1


def noun_shares(posts: Iterable[Sequence[str]]) -> dict[str, float]:
    """Return how often each word of ``posts`` stands where English nouns end, 0 to 1.

    That is after "the" or "my", or after another telling word, and before a word that only joins, or at the end:
    "my card is", "the exchange rate". So "new" in "my new card" is none, nor is "pay" in "I pay for".
    """
    seen: Counter[str] = Counter()
    as_noun: dict[str, float] = {}
    for tokens in posts:
        last = len(tokens) - 1
        for at, word in enumerate(tokens):
            if word in STOP_WORDS or _HAN.match(word):
                continue
            seen[word] += 1
            if at < last and not _joins(tokens[at + 1]):
                continue
            before = tokens[at - 1] if at else ""
            if before in BEFORE_NOUNS:
                as_noun[word] = as_noun.get(word, 0.0) + 1.0
            elif before and _may_name(before):
                as_noun[word] = as_noun.get(word, 0.0) + 0.6
    return {word: (as_noun.get(word, 0.0) + 0.6) / (count + 3.0) for word, count in seen.items()}


def _joins(word: str) -> bool:
    """Whether ``word`` only joins others."""
    return word in STOP_WORDS or word in BEFORE_NOUNS


def _noun(word: str, shares: Mapping[str, float]) -> float:
    """Return what being a noun is worth to ``word``, or to the last of two words: 0.1 to 1."""
    if _HAN.match(word):
        tag = rjieba.tag(word)[-1][1]
        if tag[0] in "njl" or tag in ("vn", "eng"):
            return 1.0
        return 0.1 if tag[0] in "rmqcpuytfeow" else 0.6
    return 0.2 + 0.8 * min(1.0, 3.0 * shares.get(word.split()[-1], 0.2))


def _stem(word: str) -> str:
    """Return ``word`` without the ending of a plural."""
    return _PLURAL.sub(lambda ending: "y" if ending.group() == "ies" else "", word)


def names_of(
    titles: Sequence[str],
    words: Sequence[Mapping[str, float]],
    members: Sequence[Ints],
    *,
    weights: Doubles,
    nouns: Mapping[str, float],
    language: str,
) -> list[Name]:
    """Return the name of each area; ``members`` are the rows of its asks.

    A word counts by the ``weights`` of the asks that hold it, not by posts, and by how much more often it stands in this
    area than in the rest of the board; in the ``language`` of most posts where the asks have such words. No two names
    are equal.
    """
    inside = [_holding(words, titles, rows, weights) for rows in members]
    sizes = [float(weights[rows].sum()) for rows in members]
    asks = sum(sizes)
    everywhere: dict[str, float] = {}
    densest: dict[str, list[float]] = {}
    for counts, size in zip(inside, sizes, strict=True):
        for word, count in counts.items():
            everywhere[word] = everywhere.get(word, 0.0) + count
            densest.setdefault(word, []).append(count / size)
    most = {word: sorted(shares, reverse=True)[:2] for word, shares in densest.items()}

    def ranking(counts: Mapping[str, float], size: float, fewest: float) -> list[_Scored]:
        scored = []
        for word, count in counts.items():
            if count < fewest:
                continue
            here = count / size
            beside = (everywhere[word] - count) / max(asks - size, 1.0)
            told = math.log((here + 0.02) / (beside + 0.02))
            if told <= 0.25:
                continue
            rival = next((share for share in most[word] if share != here), 0.0)
            alone = math.log((here + 0.05) / (rival + 0.05))
            rare = math.sqrt(
                max(math.log((1 + asks) / (1 + everywhere[word])), 0.0) / math.log(2 + asks)
            )
            native = 1.0 if ("zh" if _HAN.search(word) else "en") == language else 0.3
            worth = here * rare * _noun(word, nouns) * native
            if " " in word or (len(word) > 3 and _HAN.match(word)):
                worth *= 1.4
            scored.append(_Scored(worth * told, worth * max(alone, 0.02), here, word))
        return sorted(scored, key=lambda one: (-one.score, one.word))

    ranked = [
        ranking(counts, size, min(_ENOUGH, 0.5 * size)) or ranking(counts, size, _AT_LEAST)
        for counts, size in zip(inside, sizes, strict=True)
    ]
    chosen = [
        _chosen(scored, words, titles, rows) for scored, rows in zip(ranked, members, strict=True)
    ]
    heads = Counter(_stem(one[0]) for one in chosen if one)
    taken: set[str] = set()
    named: dict[int, Name] = {}
    # Where words are surest they are given first, so that a weaker area does not take a stronger one's.
    for at in sorted(range(len(members)), key=lambda at: (-_best(ranked[at]), at)):
        shared = bool(chosen[at]) and heads[_stem(chosen[at][0])] > 1
        if shared:
            chosen[at] = _told_apart(chosen[at], ranked[at])
        named[at] = _worded(chosen[at], inside[at], sizes[at], taken, fewest=2 if shared else 1)
        if not named[at].text:
            named[at] = Name(_plain(titles, members[at], taken), named[at].keywords)
        taken.add(words_of.fold(named[at].text))
    return [named[at] for at in range(len(members))]


@dataclass(frozen=True)
class _Scored:
    """A word for an area: how well it tells the area from the rest, and from the one most like it."""

    score: float
    apart: float
    share: float
    word: str


def _told_apart(chosen: Sequence[str], ranked: Sequence[_Scored]) -> list[str]:
    """Return ``chosen`` with what tells the area from another of the same first word in second place."""
    others = [one for one in ranked[:30] if one.share >= _HEARD and not _alike(one.word, chosen[0])]
    if not others:
        return list(chosen)
    best = max(others, key=lambda one: (one.apart, one.word)).word
    return [chosen[0], best, *(word for word in chosen[1:] if not _alike(word, best))][:4]


def _best(ranked: Sequence[_Scored]) -> float:
    return ranked[0].score if ranked else 0.0


def _holding(
    words: Sequence[Mapping[str, float]], titles: Sequence[str], rows: Ints, weights: Doubles
) -> dict[str, float]:
    """Return the weight of the asks of ``rows`` that hold each word; less where one alone holds it."""
    counts: dict[str, float] = {}
    asks: Counter[str] = Counter()
    for row in rows.tolist():
        for word, share in _told(words[row], titles[row]).items():
            counts[word] = counts.get(word, 0.0) + share * float(weights[row])
            asks[word] += 1
    return {word: count * (1.0 if asks[word] > 1 else _OF_ONE) for word, count in counts.items()}


def _told(words: Mapping[str, float], title: str) -> dict[str, float]:
    """Return how much an ask speaks of each word, 0 to 1."""
    told = {word: min(1.0, 2.0 * share) for word, share in words.items() if share >= _SHARE / 2}
    for word in telling(words_of.tokens(title)):
        told[word] = max(told.get(word, 0.0), 0.8)
    return told


def _chosen(
    ranked: Sequence[_Scored],
    words: Sequence[Mapping[str, float]],
    titles: Sequence[str],
    rows: Ints,
    limit: int = 4,
) -> list[str]:
    """Return up to ``limit`` words that together speak of as many of the asks as possible, best first."""
    told = [_told(words[row], titles[row]) for row in rows.tolist()]
    heard = np.zeros(len(told))
    chosen: list[str] = []
    candidates = [(one.score, one.word) for one in ranked[:40]]
    while candidates and len(chosen) < limit:
        best = (0.0, "")
        for score, word in candidates:
            own = np.array([one.get(word, 0.0) for one in told])
            gain = float((own * (1.0 - 0.75 * heard)).sum() / max(own.sum(), 1e-9))
            best = max(best, (score * gain, word), key=lambda pair: (pair[0], pair[1]))
        word = best[1]
        if not word:
            break
        chosen.append(word)
        heard = np.maximum(heard, [one.get(word, 0.0) for one in told])
        candidates = [(score, one) for score, one in candidates if not _alike(one, word)]
    return chosen


def _alike(one: str, other: str) -> bool:
    """Whether two words say the same, or one holds the other."""
    if _HAN.match(one) or _HAN.match(other):
        return one in other or other in one
    first, second = {_stem(part) for part in one.split()}, {_stem(part) for part in other.split()}
    return bool(first & second)


def _worded(
    chosen: Sequence[str],
    counts: Mapping[str, float],
    asks: float,
    taken: set[str],
    fewest: int = 1,
) -> Name:
    """Return the name: the first word if most asks hold it, else two or three."""
    if not chosen:
        return Name("", ())
    han = bool(_HAN.search(chosen[0]))
    same = [word for word in chosen if bool(_HAN.search(word)) == han]
    used = min(fewest, len(same))
    covered = sum(counts[word] for word in same[:used]) / asks
    while used < min(3, len(same)) and covered < 0.6 and counts[same[used]] >= _HEARD * asks:
        covered += counts[same[used]] / asks
        used += 1
    while True:
        text = _joined(same[:used], han)
        if words_of.fold(text) not in taken:
            return Name(text, tuple(chosen))
        if used == len(same):
            return Name("", tuple(chosen))
        used += 1


def _joined(words: Sequence[str], han: bool) -> str:
    text = ("、" if han else ", ").join(words)
    while len(text) > _LONGEST and len(words) > 1:
        words = words[:-1]
        text = ("、" if han else ", ").join(words)
    return text[:1].upper() + text[1:_LONGEST]


def _plain(titles: Sequence[str], rows: Ints, taken: set[str]) -> str:
    """Return an ask's title as the name where no words will do."""
    for row in rows.tolist():
        title: str = titles[row][:_LONGEST]
        if title and words_of.fold(title) not in taken:
            return title
    number = 1
    while str(number) in taken:
        number += 1
    return str(number)
