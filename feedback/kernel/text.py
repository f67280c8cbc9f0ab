"""Reading what people wrote: normalising, hashing, telling the language, cutting into words.

Pure Python, no Django: the engine and the site use the same functions, so a word found by search is the
same word that explains a membership.
"""

import hashlib
import re
import unicodedata
from functools import lru_cache
from typing import Literal

import rjieba

from feedback.kernel import visible

Language = Literal["zh", "en"]

_NEWLINES = re.compile("\r\n?|[\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n{3,}")
_GAPS = re.compile(r"[ \t\n]+")
#: What no text begins or ends with: spaces of all kinds, and letters that fill a place and show nothing.
_EDGES = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u00ad\u034f\u2800\u3164\uffa0"
#: What is there for the eye or the line alone, and makes no other word (the rest of NFKC_Casefold).
_IGNORED = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
#: How Markdown shows a picture of the text's own, by the name of what is attached to it: its words, and that name.
ATTACHED = re.compile(r"!\[([^\]\n]{0,1000})\]\(attachment:([0-9a-z]{11})\)")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LETTER = re.compile(r"[^\W\d_]")
_HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
# A word of any script; inner dots, hyphens, pluses and apostrophes hold version numbers ("14.0.2"), product
# names ("pi-hole", "c++") and contractions together.
_WORD = re.compile(r"[^\W_]+(?:[.\-'’+_][^\W_]+)*\+{0,2}")
_IDENTIFIER = re.compile(r"[a-z]*\d[\w.+-]*|[a-z][\w.+-]*", re.ASCII)


def decoded(raw: bytes) -> str | None:
    """Return a text in whichever of the usual ways it was written; None where it is no text. Pure."""
    is_utf16 = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def normalise(text: str) -> str:
    """Return ``text`` as it is stored: as it was typed, with one kind of newline and nothing that only hides.

    Accents, joiners, spaces inside a line and the indent of a list stay; `visible.as_typed` says what does not.
    """
    text = visible.as_typed(_NEWLINES.sub("\n", text))
    if "\n" in text:
        text = "\n".join(line.rstrip() for line in text.split("\n"))
        text = _BLANK_LINES.sub("\n\n", text)
    return text.strip(_EDGES)


def one_line(text: str) -> str:
    """Return ``text`` normalised, as one line: a name, a title, what is searched for."""
    return _GAPS.sub(" ", normalise(text))


def fold(text: str) -> str:
    """Return ``text`` for comparing: NFKC (full-width becomes half-width), case folded, without what shows nothing."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", _IGNORED.sub("", text)).casefold()


def content_hash(title: str, body: str) -> str:
    """Return the 32 hex digits that name a post's words.

    Posts with the same words after folding share a hash, and so a vector: the encoder reads each text once.
    """
    joined = " ".join(f"{fold(title)}\n{fold(body)}".split())
    return hashlib.blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def said_in(body: str) -> str:
    """Return ``body`` without the names of its pictures; what they show in words stays."""
    return ATTACHED.sub(r"\1", body) if "](attachment:" in body else body


def text_of(title: str, body: str) -> str:
    """Return what the encoder reads of a post: the title, then the body unless it only repeats the title."""
    title, body = title.strip(), said_in(body).strip()
    if not body or fold(body) == fold(title):
        return title
    if not title or fold(body).startswith(fold(title.rstrip("…."))):
        return body
    return f"{title}\n{body}"


def language_of(text: str) -> Language:
    """Return ``zh`` when at least a fifth of the letters are Han, otherwise ``en``.

    A Han character weighs as much as a whole Latin word, so "希望支持 Android Auto" is Chinese.
    """
    sample = text[:2000]
    if sample.isascii() or not _HAN.search(sample):
        return "en"
    letters = len(_LETTER.findall(sample))
    return "zh" if len(_HAN.findall(sample)) >= 0.2 * letters else "en"


@lru_cache(maxsize=16_384)
def _cut_han(run: str) -> tuple[str, ...]:
    return tuple(rjieba.cut(run))


def tokens(text: str) -> list[str]:
    """Cut ``text`` into folded words in reading order; Han runs are cut by rjieba, other scripts at word ends.

    "Pi-hole 5.18 不能用" gives ``["pi-hole", "5.18", "不能", "用"]``.
    """
    folded = fold(text)
    cut: list[str] = _WORD.findall(folded)
    if folded.isascii():
        return cut
    found: list[str] = []
    for word in cut:
        if word.isascii() or not _HAN.search(word):
            found.append(word)
            continue
        if _HAN_RUN.fullmatch(word):
            found.extend(_cut_han(word))
            continue
        position = 0
        for run in _HAN_RUN.finditer(word):
            if run.start() > position:
                found.extend(_WORD.findall(word[position : run.start()]))
            found.extend(_cut_han(run.group()))
            position = run.end()
        if position < len(word):
            found.extend(_WORD.findall(word[position:]))
    return found


def search_tokens(text: str) -> list[str]:
    """Cut ``text`` into every token it should be found by.

    To `tokens` this adds the parts of compound words ("pi-hole" is found by "pi" and "hole") and the
    overlapping two-character pieces of longer Chinese words, so that any two neighbouring characters of a
    sentence find it however the dictionary cuts.
    """
    found: list[str] = []
    for word in tokens(text):
        found.append(word)
        if _HAN.match(word):
            if len(word) > 2:
                found.extend(word[i : i + 2] for i in range(len(word) - 1))
        elif not word.isalnum():
            found.extend(part for part in re.split(r"[.\-'’+_]", word) if part)
    return found


def names_something(text: str) -> bool:
    """Return whether a name or a version stands in ``text``: "14.0.2", "pi-hole", "蓝牙连不上 CarPlay".

    Sentence vectors blur these, so where one stands the words in common count for more.
    """
    chinese = language_of(text) == "zh"
    return any(
        _IDENTIFIER.fullmatch(token) is not None
        and (chinese or any(ch.isdigit() or ch in "-+_." for ch in token))
        for token in tokens(text)
    )
