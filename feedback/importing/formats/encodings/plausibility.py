"""How plausible a reading of bytes is as something a person wrote.

A wrong encoding leaves traces: capitals inside words, signs between letters, letters of two scripts in one word, one rare Han
character in a Western sentence. They are counted here; which languages the letters speak is `chardet`'s to say.
"""

import re
import unicodedata
from functools import lru_cache

from feedback.importing.formats.encodings.alphabets import LETTERS

_WIDE_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]{2}")
_RUN = re.compile(r"\S*[^\x00-\x7f]\S*")
_OPENING, _CLOSING = "“‘«„‚¿¡", "”»"
#: What stands between letters without being one: apostrophes, the Catalan point, hyphens, joiners.
_JOINING = "’‘'-‑·.\u200c\u200d\u00ad"
#: Latin letters beyond ASCII that may be a word.
_ALONE = "àáâãåæéèêíóòôöøúůő"
#: "donít", "itís": the apostrophe of Windows read as Mac Roman's.
_CONTRACTION = re.compile(
    r"nít\b|\bií(?:m|ve|d|ll)\b|\b(?:it|that|let|he|she|what|there)ís\b|\b(?:you|we|they)í(?:re|ve|ll|d)\b",
    re.IGNORECASE,
)
_BRACKETS = {
    "〖": "〗",
    "【": "】",
    "『": "』",
    "「": "」",
    "《": "》",
    "〈": "〉",
    "〔": "〕",
    "（": "）",
}
_ACCENTS = "ˆ˜¸ˇ˘¯´¨˚˝˛˙"
#: What a reading costs for each odd character: what no text holds, what hardly any does, what may be.
NEVER, HARDLY, MAYBE = 3.0, 1.0, 0.5
#: The last first byte of the frequent characters in the standards that sort Han by frequency.
_FREQUENT = (("gb2312", 0xD8), ("big5", 0xC7), ("euc_jp", 0xD0))


def plausibility(text: str) -> float:
    """Return from 1 (nothing odd) to 0 how plausible the characters of ``text`` beyond ASCII are."""
    seen, odd = 0, 0.0
    for line in text.splitlines():
        odd += HARDLY * len(_CONTRACTION.findall(line))
        accented: set[str] = set()
        western = not _WIDE_RUN.search(line)
        for run in _RUN.findall(line):
            for at, char in enumerate(run):
                if char > "\x7f":
                    seen += 1
                    odd += _oddity(run, at, char, western)
                    if _script(char) == "LATIN":
                        accented.add(char.lower())
        if accented:
            odd += HARDLY * min(len(accented - letters) for letters in LETTERS)
    return max(0.0, 1.0 - odd / seen) if seen else 1.0


def _oddity(run: str, at: int, char: str, western: bool) -> float:
    before, after = run[at - 1] if at else " ", run[at + 1] if at + 1 < len(run) else " "
    category = unicodedata.category(char)
    if category in ("Cc", "Co", "Cn", "Cs"):
        return NEVER
    if category[0] in "LM":
        return _odd_letter(char, before, after, western)
    inside = before.isalpha() and after.isalpha() and not (_is_wide(before) or _is_wide(after))
    if _is_wide(char):
        return HARDLY if char in _BRACKETS and _BRACKETS[char] not in run[at:] else 0.0
    if char in _JOINING:
        return 0.0
    if category == "Sc" and before.isalpha():
        return HARDLY
    if (
        char in _ACCENTS
        or 0x2500 <= ord(char) < 0x25A0
        or (category == "Sm" and char not in "×±÷→")
    ):
        return HARDLY
    if inside:
        return MAYBE if char in "–—…" else HARDLY
    if (char in _OPENING and before.isalpha() and not _is_wide(before)) or (
        char in _CLOSING and after.isalpha() and not _is_wide(after)
    ):
        return HARDLY
    # "¥d", "•ve": a sign takes a number or a space, "ª" and "³" follow something.
    if (
        category in ("Sc", "So", "No", "Po", "Sk")
        and after.isalpha()
        and char not in _OPENING + "…"
    ):
        return HARDLY if before.isalpha() else MAYBE
    return 0.0


def _odd_letter(char: str, before: str, after: str, western: bool) -> float:
    script = _script(char)
    beside = [_script(one) for one in (before, after) if one.isalpha()]
    if script in ("HAN", "KANA", "HANGUL"):
        odd = 0.0 if script != "HAN" or _is_frequent(char) else HARDLY
        if 0xFF61 <= ord(char) <= 0xFF9F:
            odd += MAYBE
        # One Han character inside a word: the line is Western, and this is its "ö" with the letter after it.
        if western and any(one.isascii() and one.islower() for one in (before, after)):
            odd += NEVER if before.isalpha() and after.isalpha() else MAYBE
        if (script == "HANGUL" and "HAN" in beside) or (script == "HAN" and "HANGUL" in beside):
            odd += HARDLY
        if script == "HANGUL" and "KANA" in beside:
            odd += HARDLY
        if script == "HANGUL" and not _is_frequent_hangul(char):
            odd += MAYBE
        return odd + HARDLY * any(one in ("CYRILLIC", "GREEK") for one in beside)
    odd = HARDLY * any(one != script for one in beside)
    if char.isupper() and before.isalpha() and (before.islower() or after.islower()):
        odd += HARDLY
    if (
        script == "LATIN"
        and not (before.isalpha() or after.isalpha())
        and char.lower() not in _ALONE
    ):
        odd += HARDLY
    if before.isdigit() or after.isdigit():
        odd += MAYBE
    return odd


@lru_cache(maxsize=8192)
def _script(char: str) -> str:
    if char.isascii():
        return "LATIN"
    if (
        "\u4e00" <= char <= "\u9fff"
        or "\u3400" <= char <= "\u4dbf"
        or "\U00020000" <= char <= "\U0003ffff"
    ):
        return "HAN"
    if "\u3040" <= char <= "\u30ff" or "\uff66" <= char <= "\uff9f":
        return "KANA"
    if "\uac00" <= char <= "\ud7a3" or "\u3130" <= char <= "\u318f":
        return "HANGUL"
    return unicodedata.name(char, "?").split(" ", 1)[0].split("-", 1)[0]


def _is_wide(char: str) -> bool:
    return char > "\u2e7f" and unicodedata.east_asian_width(char) in ("W", "F")


@lru_cache(maxsize=8192)
def _is_frequent(char: str) -> bool:
    """Tell whether a standard counts a Han character among the frequent ones."""
    for codec, until in _FREQUENT:
        try:
            if char.encode(codec)[0] < until:
                return True
        except UnicodeEncodeError:
            continue
    return False


@lru_cache(maxsize=8192)
def _is_frequent_hangul(char: str) -> bool:
    try:
        return len(char.encode("euc_kr")) == 2
    except UnicodeEncodeError:
        return False
