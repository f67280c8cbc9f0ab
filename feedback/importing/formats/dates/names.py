"""Names of months, weekdays and halves of the day, as the Unicode consortium's CLDR has them (`babel`)."""

import unicodedata
from collections import defaultdict
from functools import cache

from babel import Locale

#: English first: its names are looked up before the others are loaded.
LANGUAGES = (
    "en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "nb", "fi", "pl", "cs", "sk", "hu", "ro", "hr", "sl", "sr", "bg", "ru",
    "uk", "be", "el", "tr", "ar", "fa", "he", "hi", "th", "id", "ms", "et", "lv", "lt", "ca", "gl", "eu", "is",
)  # fmt: skip
_NOISE = """
a as at à às alle am ao at az da de dem den der di du d del dels do een el em f g god goda gada god i in kell kello kl klo la le les
m. o of om on ora ore os pada pe pro pukul r rok roku st nd rd th the u uhr um v y z г год года о об в во у м р στις την τις της στο
saat ,
"""
NOISE = frozenset(_NOISE.split())
#: Halves of the day beside those of CLDR: 凌晨 and 清晨 come before noon, 傍晚 and 晚上 after it, 中午 around it.
BEFORE_NOON = ("am", "上午", "凌晨", "清晨", "早上", "早晨", "오전", "午前")
AFTER_NOON = ("pm", "下午", "傍晚", "晚上", "中午", "오후", "午後")
WEEKDAY_EAST = r"(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]|[월화수목금토일]요일|[月火水木金土日]曜日?|\([月火水木金土日월화수목금토일一二三四五六]\)"


def folded(word: str) -> str:
    """Return a name without case, accents' composition and the point of an abbreviation."""
    return unicodedata.normalize("NFKC", word).casefold().strip(".·' ").replace("\u0307", "")


@cache
def months_in(language: str) -> dict[str, int]:
    """Return the names of the months in a language."""
    found: dict[str, int] = {}
    kinds = Locale.parse(language).months
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in kinds[context][width].items():
                word = folded(name)
                if len(word) > 1 and not any(char.isdigit() for char in word):
                    found.setdefault(word, number)
                    found.setdefault(_plain(word), number)
    if language == "en":
        found["sept"] = 9
    return found


def _plain(word: str) -> str:
    """Return ``word`` without accents: "aout" is written where "août" is meant."""
    taken_apart = unicodedata.normalize("NFD", word)
    return unicodedata.normalize(
        "NFC", "".join(c for c in taken_apart if not unicodedata.combining(c))
    )


@cache
def _months() -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for language in LANGUAGES:
        for word, number in months_in(language).items():
            found[word][language] = number
    return dict(found)


@cache
def _weekdays() -> frozenset[str]:
    found = set()
    for language in LANGUAGES:
        kinds = Locale.parse(language).days
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated", "short"):
                found |= {folded(name) for name in kinds[context].get(width, {}).values()}
    return frozenset(word for word in found if len(word) > 1)


def month_named(word: str) -> dict[str, int]:
    """Return by language which month a folded ``word`` names; mostly one, "srp" is July in Croatian and August in Czech."""
    return _months().get(word, {})


def is_weekday(word: str) -> bool:
    """Tell whether a folded ``word`` is a day of the week in any language."""
    return word in _weekdays()
