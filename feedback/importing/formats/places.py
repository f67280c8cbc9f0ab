"""Countries and languages, by code and by name, as CLDR has them (`babel`)."""

import re
from collections.abc import Collection
from functools import cache

from babel import Locale
from babel.core import get_global

from feedback.importing.formats.dates.names import LANGUAGES

_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?(?:\.[\w-]+)?")
#: What people write that is no code and no name of CLDR.
_ALSO = {"uk": "GB", "england": "GB", "scotland": "GB", "usa": "US", "u.s.": "US", "u.s.a.": "US", "america": "US", "uae": "AE", "korea": "KR",
         "russia": "RU", "holland": "NL", "prc": "CN", "mainland china": "CN", "中国大陆": "CN", "中國大陸": "CN", "大陆": "CN", "香港": "HK", "澳门": "MO", "台湾": "TW",
         "台灣": "TW", "hong kong": "HK", "macau": "MO", "taiwan": "TW", "great britain": "GB", "turkey": "TR", "czech republic": "CZ"}  # fmt: skip
_LANGUAGE_NAMES = ("en", "zh", "zh_Hant", "ja", "ko", "de", "fr", "es", "pt", "it", "ru")


#: Codes of CLDR that are no country.
_NO_COUNTRY = frozenset(("EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"))


@cache
def _codes() -> frozenset[str]:
    known = map(str, Locale("en").territories)
    return frozenset(code for code in known if len(code) == 2 and code.isalpha()) - _NO_COUNTRY


@cache
def _country_names() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in (*LANGUAGES, "zh", "zh_Hant", "ja", "ko", "vi"):
        for code, name in Locale.parse(language).territories.items():
            if code in _codes():
                found.setdefault(name.casefold(), code)
    for alias, codes in get_global("territory_aliases").items():  # "USA", "GBR"
        if len(alias) == 3 and alias.isalpha() and len(codes) == 1:
            found.setdefault(alias.casefold(), codes[0])
    return found | _ALSO


@cache
def _languages() -> frozenset[str]:
    known = map(str, Locale("en").languages)
    return frozenset(code for code in known if code.isalpha() and len(code) in (2, 3))


@cache
def _language_names() -> dict[str, str]:
    found: dict[str, str] = {}
    for spoken in _LANGUAGE_NAMES:
        for code, name in Locale.parse(spoken).languages.items():
            found.setdefault(name.casefold(), code.replace("_", "-"))
    for code in (*LANGUAGES, "zh", "ja", "ko", "vi"):
        own = Locale.parse(code).languages.get(code)
        if own:
            found.setdefault(own.casefold(), code)
    return found | {
        "chinese": "zh",
        "汉语": "zh",
        "简体中文": "zh-Hans",
        "繁體中文": "zh-Hant",
        "繁体中文": "zh-Hant",
    }


def country(text: str) -> str:
    """Return a country's two letters for "sg", "UK", "USA", "en_SG", "新加坡" or "Deutschland", "" for what is none."""
    word = text.strip()
    if len(word) == 2 and word.upper() in _codes():
        return word.upper()
    named = _country_names().get(word.casefold())
    if named:
        return named
    tag = _TAG.fullmatch(word)
    region = (tag.group(3) or "").upper() if tag else ""
    return region if region in _codes() else ""


def language(text: str) -> str:
    """Return a language's tag for "en", "pt_BR", "zh-Hans", "English" or "中文", "" for what is none."""
    word = text.strip()
    tag = _TAG.fullmatch(word)
    if (
        tag
        and tag.group(1).lower() in _languages()
        and (len(tag.group(1)) == 2 or tag.group(1).islower())
    ):
        spoken, script, region = tag.groups()
        return "-".join(
            filter(None, (spoken.lower(), (script or "").title(), (region or "").upper()))
        )
    return _language_names().get(word.casefold(), "")


def are_languages(values: Collection[str]) -> bool:
    """Tell whether a column of codes holds languages rather than countries.

    "en", "zh" and "ja" are languages and no countries; what is neither speaks against both.
    """
    given = [value for value in values if value.strip()]
    as_languages = [value for value in given if language(value)]
    only_languages = [
        value for value in as_languages if not country(value) or "-" in value or "_" in value
    ]
    only_countries = [value for value in given if country(value) and not language(value)]
    if len(as_languages) + len(only_countries) < 0.5 * len(given):
        return False
    return len(only_languages) > len(only_countries) or (
        not only_countries and bool(given) and all(value == value.lower() for value in given)
    )


def spoken_and_country(text: str, *, capitals_are_languages: bool) -> tuple[str, str]:
    """Return (language, country) of a value in a column of languages: "UK" is the one country in it, "ca" is Catalan.

    Two capitals name a country where the other values do not write languages so.
    """
    word = text.strip()
    if len(word) == 2 and word.isupper() and (word == "UK" or not capitals_are_languages):
        found = country(word)
        if found:
            return "", found
    return language(word), ""
