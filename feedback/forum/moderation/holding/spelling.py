"""Finding words however they are written: full width, look-alike letters, marks and spaces between, Chinese in pinyin."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from feedback.kernel import sounds
from feedback.kernel.folding import fold_spelling

#: Letters of other scripts, digits and signs that stand for a Latin letter. Both sides are written so before they are compared.
_ALIKE = str.maketrans(
    {
        **dict(zip("абвгдезіїјкмнопрстухцѕԁԛԝһ", "a6brge3iijkmhonpctyxusdqwh", strict=True)),
        **dict(zip("αβγεζηικνορτυχω", "abyezniknoptuxw", strict=True)),
        **dict(zip("0134567@$", "oleasbtas", strict=True)),
        "i": "l",
        "ı": "l",
    }
)
#: What may stand between two letters of a word, and how much of it.
_BETWEEN = r"[^0-9A-Za-z一-鿿]{0,3}"
_HAN = re.compile(r"[㐀-鿿]")


@dataclass(frozen=True)
class Folded:
    """A text as it is compared, and where in it each letter stood: ``places[i]`` is that of the i-th letter."""

    letters: str
    places: Sequence[int]


def folded(text: str) -> Folded:
    """Return ``text`` as it is compared."""
    letters: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for letter in _folded_sign(sign):
            letters.append(letter)
            places.append(place)
    return Folded("".join(letters), places)


@lru_cache(maxsize=16_384)
def _folded_sign(sign: str) -> str:
    return fold_spelling(sign).translate(_ALIKE).translate(_ALIKE)


def skeleton(text: str) -> str:
    """Return the letters of ``text`` alone, as they are compared: the same for all who write it a little differently."""
    return "".join(letter for letter in folded(text).letters if letter.isalnum())


@lru_cache(maxsize=4_096)
def pattern_of(words: str, by_sound: bool) -> re.Pattern[str]:
    """Return what finds ``words`` in the letters of a `Folded`. A Latin word is found whole, with "*" at its end however it goes on."""
    goes_on = words.endswith("*")
    letters = [one for one in folded(words.rstrip("*")).letters if one.isalnum()]
    plain = [one for one in fold_spelling(words.rstrip("*")) if one.isalnum()]
    parts = [re.escape(one) + "+" if one.isascii() else re.escape(one) for one in letters]
    found = _BETWEEN.join(parts) if parts else r"(?!)"
    if letters and letters[0].isascii():
        found = rf"(?<![0-9a-z]){found}"
    if letters and letters[-1].isascii() and not goes_on:
        found = rf"{found}(?![0-9a-z])"
    by_pinyin = _pinyin(plain) if by_sound else ""
    return re.compile(f"{found}|{by_pinyin}" if by_pinyin else found)


def _pinyin(characters: list[str]) -> str:
    """Return what finds Chinese ``characters`` of which some are written as they sound, "" where they are not Chinese."""
    if len(characters) < 2 or not all(_HAN.match(one) for one in characters):
        return ""
    parts = []
    for one in characters:
        said = [_blurred(reading) for reading in sounds.sounds_of(one)]
        parts.append("(?:" + "|".join([one, *dict.fromkeys(said)]) + ")")
    return rf"(?<![0-9a-z]){_BETWEEN.join(parts)}(?![0-9a-z])"


def _blurred(reading: str) -> str:
    """Return what finds ``reading`` with and without what half the country does not tell apart."""
    letters = reading.translate(_ALIKE)
    letters = re.sub(r"^([zcs])", r"\1h?", letters)
    return re.sub(r"(?<=[ael])n$", "ng?", letters)


def spans(words: str, text: Folded, *, by_sound: bool = True) -> list[tuple[int, int]]:
    """Return where ``words`` stand in the text that was folded: from which character to before which."""
    found = pattern_of(words, by_sound).finditer(text.letters)
    return [
        (text.places[match.start()], text.places[match.end() - 1] + 1)
        for match in found
        if match.end() > match.start()
    ]
