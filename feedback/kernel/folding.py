"""Every way to write a word as one, so that it is found however it was written.

Width, case and accents ("Ｃａｆé" is "cafe", "İstanbul" is "istanbul"), katakana and hiragana, traditional, simplified
and Japanese shapes of a Chinese character, letters that Arabic and Persian keyboards write apart. What is folded is
for comparing alone and never shown.
"""

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

#: Marks that tell no word from another (accents, Arabic and Hebrew vowel points), and what is not seen at all.
_DROPPED = [
    *range(0x0300, 0x0370), *range(0x0591, 0x05C8), *range(0x064B, 0x0660), 0x0670, 0x0640,
    0x00AD, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0x200B, 0x2010),
    *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10), 0xFEFF,
    *range(0xE0000, 0xE0200),
]  # fmt: skip
#: Letters without a decomposition, dashes and apostrophes as keyboards and phones write them.
_LETTERS = {
    "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ŋ": "n",
    "ک": "ك", "ی": "ي", "ى": "ي", "ة": "ه", "ە": "ه", "ٱ": "ا",
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2212": "-",
    "’": "'", "‘": "'", "ʼ": "'", "`": "'",
    "帐": "账",
}  # fmt: skip
_HAN_RANGES = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))
_SHORT_I = ("и\u0306", "й")  # a letter of its own, unlike other letters with a mark
#: "サーバー" is "サーバ": the last long mark of a word of three kana or more is left out at will.
_LAST_LONG = re.compile(r"(?<=[ァ-ヺー]{3})ー(?![ァ-ヺー])")


def simplified(text: str) -> str:
    """Return ``text`` with its traditional characters simplified, and otherwise as it is."""
    return text if text.isascii() else text.translate(_han_table())


@lru_cache(maxsize=1)
def _han_table() -> dict[int, str]:
    return {ord(letter): other for letter, other in _simplified().items()}


@lru_cache(maxsize=1)
def _table() -> dict[int, str | None]:
    """Return what each folded letter becomes; None for nothing."""
    table: dict[int, str | None] = dict.fromkeys(_DROPPED)
    table |= {ord(letter): other for letter, other in _LETTERS.items()}
    table |= {code: chr(code - 0x60) for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
    for code, other in _han_table().items():
        table.setdefault(code, _LETTERS.get(other, other))
    return table


def _simplified() -> dict[str, str]:
    """Return the simplified shape of every traditional or Japanese character, each looked at alone.

    A Japanese shape that is a simplified character too keeps to itself: 芸 is a name in China, 藝 in Japan.
    """
    letters = [chr(code) for codes in _HAN_RANGES for code in codes]
    simplify, from_japan = OpenCC("t2s").convert, OpenCC("jp2t").convert
    plain = dict(zip(letters, simplify("\n".join(letters)).split("\n"), strict=True))
    old = simplify(from_japan("\n".join(letters))).split("\n")
    for letter, other in zip(letters, old, strict=True):
        if plain[letter] == letter and not _is_simplified(letter):
            plain[letter] = other
    return {letter: plain.get(other, other) for letter, other in plain.items() if other != letter}


def _is_simplified(letter: str) -> bool:
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def fold_spelling(text: str) -> str:
    """Return ``text`` with every way to write a word as one. Folding twice changes nothing."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text.replace("™", " "))
    if "ー" in text:
        text = _LAST_LONG.sub("", text)
    text = unicodedata.normalize("NFKD", text.casefold())
    text = text.replace(*_SHORT_I).translate(_table())
    return unicodedata.normalize("NFC", text)
