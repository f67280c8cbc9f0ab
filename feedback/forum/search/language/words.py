"""How posts and queries are cut into words, so that whatever stands in a sentence is found in it.

One analysis for both databases. Text is folded first (`kernel.folding`), then cut into pieces:

* words between spaces stand as one form however they are written ("wi-fi", "wifi"; "v2.10.3", "2.10.3") and are
  found by their parts, their stem, and a version by the series it is of ("2.10", "2");
* scripts without spaces stand as every two neighbours ("深色模式": 深色, 色模, 模式), Korean words too, and are found by
  each character alone and by how they sound.

What stands, in reading order, is the stream; the rest follows it as "more".
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Literal

import rjieba
from snowballstemmer import stemmer

from feedback.kernel.folding import fold_spelling
from feedback.kernel.sounds import sounds_of

#: Changes whenever texts would be cut differently; the search index is made anew then.
CUT_VERSION = "3"
#: A longer "word" is a key or a link; nobody searches for its end.
TOKEN_LENGTH = 60
#: In a query of so many words two neighbours may be meant as one.
JOINED_UP_TO = 6
#: Marks a token that is no word: a sound (~denlu), a character that is a word by itself (卡=).
SOUND, ALONE = "~", "="


def _class_of(codes: Iterable[int]) -> str:
    """Return the inside of a character class that holds these code points."""
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in ranges)


_HAN_CLASS = "々〇〆\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_UNSPACED = f"{_HAN_CLASS}\u3041-\u309fー"
_HANGUL = "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
#: Thai, Lao, Tibetan, Burmese, Khmer: cut by what a person calls a letter.
_CLUSTERED = "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff"
_CUT_OTHERWISE = re.compile(f"[{_UNSPACED}{_HANGUL}{_CLUSTERED}]")
#: Every character up to here but the large blocks that are named above, and those for private use.
_OTHERS = (*range(0x3400), *range(0xA000, 0xAC00), *range(0xD7B0, 0xD800), *range(0xF900, 0x10000))
_KINDS = {code: unicodedata.category(chr(code)) for code in _OTHERS}
#: Marks belong to the letter before them; without them Hindi would fall into consonants.
_MARKS = _class_of(code for code, kind in _KINDS.items() if kind[0] == "M") + "\uff9e\uff9f"
_WORD_CODES = [
    code
    for code, kind in _KINDS.items()
    if kind[0] in "LMN" and not _CUT_OTHERWISE.match(chr(code))
]
_OF_WORDS = f"[{_class_of(_WORD_CODES)}]"
_WORD = r"(?P<word>(?:(?<![\w.])\.(?=[^\W\d_]))?{0}+(?:[.\-_'+&]{0}+)*(?:\+{{1,2}}|\#(?!\w))?)"
_ASCII_PIECE = re.compile(_WORD.format("[a-z0-9]"))
_PIECE = re.compile(
    f"(?P<run>[{_UNSPACED}]+)|(?P<hangul>[{_HANGUL}]+)|(?P<clusters>[{_CLUSTERED}]+)"
    "|" + _WORD.format(_OF_WORDS)
)
_HAN = re.compile(f"[{_HAN_CLASS}]+")
_LETTER = re.compile(f"[^{_MARKS}][{_MARKS}]*|[{_MARKS}]+")
_VERSION = re.compile(r"\d+(?:\.\w+)+")
_WITH_V = re.compile(r"v(?=\d+\.\d)")
_NAME_AND_VERSION = re.compile(r"([^\W\d_]+)(\d+(?:\.\w+)+)")
_NUMBERS = re.compile(r"\d+(?:-\d+)*")
_JOINTS = re.compile(r"[-_'+&]")
_LETTERS_AND_DIGITS = re.compile(r"\d+(?:\.\w+)*|\D+")
#: British and American endings are one.
_AMERICAN = (
    (re.compile(r"(?<=\w\w)our(?=\b|s|ed|ing|it|ful|abl|al)"), "or"),
    (re.compile(r"is(?=(?:e[sd]?|ing|ation|er)s?$)(?<=\w{4})"), "iz"),
    (re.compile(r"(?<=[ae])ll(?=(?:ed|ing|er)$)"), "l"),
    (re.compile(r"^grey"), "gray"),
    (re.compile(r"^centre"), "center"),
)
_STEMMERS = {"latin": stemmer("english"), "cyrillic": stemmer("russian")}
#: A stemmer keeps the word it is at in itself: of two threads at once each would get a piece of the other's.
_STEMMING = Lock()
_LATIN, _CYRILLIC = re.compile(r"[a-z]{3,}"), re.compile("[\u0400-\u04ff]{4,}")
#: Words that say nothing of what a post is about. They are left out of a query that has other words.
FUNCTION_WORDS = frozenset(
    """
    a an the and or but of to in on at for with from by as is are was were be been am do does did it its this
    that these those i you he she we they my your our their me us them no not so if then than there can could
    will would should please have has had just very too also when what how why
    的 了 是 在 我 你 他 她 它 们 我们 你们 和 与 也 都 就 还 很 太 吗 呢 吧 啊 呀 嘛 一个 这个 那个 请 希望 可以 怎么 为什么
    が を は に で と の も へ や です ます から まで する した して いる ない
    """.split()  # noqa: SIM905 (a word list is read more easily as words)
)


#: What a piece is: a word between spaces, a run of Chinese or Japanese, of Korean, of a script cut by its letters.
Kind = Literal["word", "run", "hangul", "clusters"]


def pieces(folded: str) -> Iterator[tuple[Kind, str, int, int]]:
    """Yield (kind, text, start, end) of the pieces of a folded text in reading order."""
    for found in (_ASCII_PIECE if folded.isascii() else _PIECE).finditer(folded):
        word, start, end = found.group(), found.start(), found.end()
        if found.lastgroup == "word" and (versioned := _WITH_V.match(word)):
            word, start = word[1:], start + versioned.end()
        yield found.lastgroup, word, start, end  # type: ignore[misc]  # the groups are the kinds


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return ``word`` without the ending that says how many or when, in American spelling."""
    if _LATIN.fullmatch(word):
        for british, american in _AMERICAN:
            word = british.sub(american, word)
        return _stemmed("latin", word)
    if _CYRILLIC.fullmatch(word):
        return _stemmed("cyrillic", word)
    return word


def _stemmed(script: str, word: str) -> str:
    with _STEMMING:
        return str(_STEMMERS[script].stemWord(word))


@lru_cache(maxsize=65_536)
def form_of(word: str) -> str:
    """Return the one form of a word between spaces, however it is joined: "wi-fi" is "wifi", "v2.1" is "2.1"."""
    if word[0] == "." or word[-1] in "+#" or "&" in word:
        return word[:TOKEN_LENGTH]
    parts = _JOINTS.split(word)
    if len(parts) > 1 and not _NUMBERS.fullmatch(word):
        word = "".join(parts)
    return word[:TOKEN_LENGTH]


@lru_cache(maxsize=65_536)
def parts_of(word: str) -> tuple[str, ...]:
    """Return the parts that a word between spaces is made of: "iphone15" of "iphone" and "15"; () for a simple one."""
    if _VERSION.fullmatch(word):
        return ()
    parts = tuple(part for part in _JOINTS.split(word.strip("+#.")) if part)
    if "'" in word and len(parts) == 2 and len(parts[1]) < 3:
        return ()  # isn't, it's
    if len(parts) == 1 and not _VERSION.fullmatch(parts[0]):
        if named := _NAME_AND_VERSION.fullmatch(parts[0]):
            parts = named.groups()
        elif "." in parts[0]:
            parts = tuple(part for part in parts[0].split(".") if part)
        elif len(parts[0]) > 3 and any(map(str.isdigit, parts[0])):
            parts = tuple(_LETTERS_AND_DIGITS.findall(parts[0]))
    elif len(parts) == 1 and parts[0] == word:
        return ()
    return parts if parts != (word,) else ()


@lru_cache(maxsize=65_536)
def _more_of(word: str) -> dict[str, None]:
    """Return what else than its form finds a word between spaces: parts, stems, the series of a version."""
    form = form_of(word)
    found = [stem(form)]
    if _VERSION.fullmatch(form):
        steps = form.split(".")
        found += [".".join(steps[:count]) for count in range(1, len(steps))]
    elif "." in form and form[0] != ".":
        found += [form.replace(".", ""), "." + form.rpartition(".")[2]]
    for part in parts_of(word):
        found += [part, *_more_of(part)]
    return dict.fromkeys(one[:TOKEN_LENGTH] for one in found if one and one != form)


def pairs(units: str | list[str]) -> list[str]:
    """Return every two neighbours of ``units``, characters or clusters; of one alone, that one."""
    if len(units) < 2:
        return list(units)
    return [units[at] + units[at + 1] for at in range(len(units) - 1)]


@lru_cache(maxsize=16_384)
def cut_han(run: str) -> tuple[str, ...]:
    """Return a run of Chinese characters as the words of the dictionary."""
    return tuple(rjieba.cut(run))


def clusters(text: str) -> list[str]:
    """Return what a person calls the letters of ``text``: a consonant with its vowels and tones is one."""
    return list(_LETTER.findall(text))


def index_tokens(words: str) -> tuple[list[str], list[str]]:
    """Return the stream of ``words`` in reading order, and what else they are found by, each once."""
    stream: list[str] = []
    more: dict[str, None] = {}
    korean_until, last_syllable = -1, ""
    for kind, text, start, end in pieces(fold_spelling(words)):
        if kind == "word":
            stream.append(form_of(text))
            more.update(_more_of(text))
        elif kind == "clusters":
            letters = clusters(text)
            stream += pairs(letters)
            more.update(dict.fromkeys(letters))
        else:
            stream += pairs(text)
            more.update(dict.fromkeys(text))
            if kind == "run":
                more.update(_of_han(text))
            else:
                if start == korean_until + 1:
                    more[last_syllable + text[0]] = None  # Korean is spaced as people please
                korean_until, last_syllable = end, text[-1]
    return stream, list(more)


@lru_cache(maxsize=16_384)
def _of_han(run: str) -> dict[str, None]:
    """Return the sounds of a run's pairs, and the characters in it that are words by themselves."""
    found: dict[str, None] = {}
    for match in _HAN.finditer(run):
        han = match.group()
        for pair in pairs(han):
            if len(pair) == 2:
                found.update(dict.fromkeys([SOUND + sound for sound in sounds_of(pair)]))
        for word in cut_han(han):
            if len(word) == 1 and word not in FUNCTION_WORDS:
                found[word + ALONE] = None
    return found


# --- Queries -----------------------------------------------------------------------------------------------------
#: Tokens that must all stand in a post; one with a "*" at its end means "or a longer one that begins so".
Alternative = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """One thing a query asks for.

    ``word`` is what was typed, folded. ``exact`` is the part of a stream that says just that. A post that has all
    tokens of one of ``strict`` has it; ``loose`` are further ways, taken when those find little. ``names`` are other
    parts of a stream that mean it.
    """

    word: str
    exact: tuple[str, ...]
    strict: tuple[Alternative, ...] = ()
    loose: tuple[Alternative, ...] = ()
    names: tuple[tuple[str, ...], ...] = ()
    is_function: bool = False

    @property
    def is_word(self) -> bool:
        """Whether it is a word between spaces."""
        return not is_unspaced(self.word)

    @property
    def sought(self) -> tuple[Alternative, ...]:
        """Tokens to look for: those of a name may yet stand apart, which its row tells."""
        named = (tuple(dict.fromkeys(map(stem, name))) for name in self.names)
        return tuple(dict.fromkeys([*self.strict, *named]))


@lru_cache(maxsize=4_096)
def is_unspaced(word: str) -> bool:
    """Whether ``word`` is of a script that is cut into pairs."""
    return any(kind != "word" for kind, *_ in pieces(word))


def terms_of(words: str) -> list[Term]:
    """Return all that ``words`` ask for, in reading order, function words too."""
    found: list[Term] = []
    for kind, text, *_ in pieces(fold_spelling(words)):
        if kind == "word":
            found.append(_word_term(text))
        elif kind == "clusters":
            found.append(_run_term(text, clusters(text), loose=()))
        elif kind == "hangul":
            found.append(_hangul_term(text))
        else:
            found += [_han_term(unit) for unit in units_of(text)]
    return found


def asked(terms: Iterable[Term]) -> list[Term]:
    """Return each of ``terms`` once; function words only where nothing else is there."""
    once = list({term.word: term for term in terms}.values())
    return [term for term in once if not term.is_function] or once


def _word_term(word: str) -> Term:
    form = form_of(word)
    parts = parts_of(word)
    strict: list[Alternative] = [(stem(form),)]
    loose: list[Alternative] = []
    if len(parts) > 1 and form.isalnum():
        strict.append(tuple(stem(form_of(part)) for part in parts))
    elif len(parts) > 1 and "&" not in form:
        loose.append(tuple(stem(form_of(part)) for part in parts))
    if len(form) > 2 and not _VERSION.fullmatch(form) and form[-1] not in "+#":
        loose.append((form + "*",))
        if stem(form) != form and len(stem(form)) > 2:
            loose.append((stem(form) + "*",))
    return Term(word, (form,), tuple(strict), tuple(loose), is_function=form in FUNCTION_WORDS)


def _run_term(word: str, units: str | list[str], loose: tuple[Alternative, ...]) -> Term:
    stream = tuple(pairs(units))
    strict = (tuple(dict.fromkeys(stream)),)
    return Term(word, stream, strict, loose, is_function=word in FUNCTION_WORDS)


def _hangul_term(word: str) -> Term:
    stream = tuple(pairs(word))
    # The last syllable is often a particle.
    loose: tuple[Alternative, ...] = (stream[:-1],) if len(stream) > 1 else ()
    return _run_term(word, word, loose)


def _han_term(word: str) -> Term:
    loose: tuple[Alternative, ...] = ()
    if len(word) > 1 and len(word) == len(_HAN.sub("", word) + word) and len(cut_han(word)) > 1:
        loose = (tuple(dict.fromkeys(cut_han(word))),)
    return _run_term(word, word, loose)


def units_of(run: str) -> list[str]:
    """Return what a run of Chinese or Japanese asks for: words, and characters that the dictionary left alone together."""
    if len(run) < 3:
        return [run]
    if not _HAN.fullmatch(run):
        return _units_of_japanese(run)
    units: list[str] = []
    alone = ""
    for word in cut_han(run):
        if len(word) == 1 and word not in FUNCTION_WORDS:
            alone += word
            continue
        units += [alone, word] if alone else [word]
        alone = ""
    return [*units, alone] if alone else units


_JAPANESE = re.compile(f"[{_HAN_CLASS}]{{2,}}|[{_HAN_CLASS}][^{_HAN_CLASS}]?|[^{_HAN_CLASS}]+")


def _units_of_japanese(run: str) -> list[str]:
    units = _JAPANESE.findall(run)
    telling = [unit for unit in units if len(unit) > 1]
    return telling or [run]
