"""From the text of one cell to the parts of a date; which number is the day, the column says (`column`)."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field, replace
from functools import lru_cache

from django.utils.translation import gettext as _

from feedback.importing.formats.dates import names
from feedback.importing.formats.dates.zones import UnknownZone, Zone, take_zone

_HALF = "|".join((*names.BEFORE_NOON[1:], *names.AFTER_NOON[1:], r"[ap]\.?\s?m\b\.?"))
_TIME = re.compile(
    rf"""(?:(?P<before>{_HALF})\s*)?
    (?:(?<![\d:.])(?P<hour>\d{{1,2}})\s?(?:[:]|h(?=\d))\s?(?P<minute>\d{{1,2}})(?:[:m]\s?(?P<second>\d{{1,2}})(?:[.,](?P<part>\d+))?)?s?(?![\d:])
      |(?<!\d)(?P<hour_east>\d{{1,2}})\s?[时時点點시]\s?(?:整|(?P<minute_east>\d{{1,2}})\s?[分분]?\s?(?:(?P<second_east>\d{{1,2}})\s?[秒초])?)?
      |(?<![\d.])(?P<hour_alone>\d{{1,2}})(?=\s?[ap]\.?\s?m\b))
    (?:\s?(?P<after>{_HALF}))?""",
    re.VERBOSE | re.IGNORECASE,
)
_DOTTED_TIME = re.compile(
    r"\b(klo|kl\.?|pukul|alle|ore|um)\s*(\d{1,2})\.(\d{2})(?:\.(\d{2}))?(?!\d)|(\d{1,2})\.(\d{2})(?=\s*Uhr)",
    re.IGNORECASE,
)
_NUMBERS = re.compile(
    r"(\d{1,4})\s*([-/.年년])\s*(\d{1,2})\s*([-/.月월])\s*(\d{1,4})\s*[.日일号號]?"
)
_ERA = re.compile(r"(令和|平成|昭和|民國|民国|中華民國)\s*(\d{1,3}|元)\s*年?")
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
_WEEKDAY_EAST = re.compile(names.WEEKDAY_EAST)
_HAN_NUMBER = re.compile(r"[〇零一二三四五六七八九十]+(?=[年月日号號])")
_HAN_DIGITS = {char: str(value) for value, char in enumerate("〇一二三四五六七八九")} | {"零": "0"}
_VIETNAMESE = re.compile(r"\b(?:tháng|thg)\s*(\d{1,2})\b", re.IGNORECASE)
_TOKEN = re.compile(r"\d+|[^\W\d_]+(?:[.'’-][^\W\d_]+)*\.?")
#: "1st", "15º", "1er", "15.": what follows a day.
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|º|ª|°)(?![^\W\d_])", re.IGNORECASE)


class NoDate(ValueError):
    """The text names no day; the message says why, where it is more than that."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a cell says: three numbers as they stand, or year, month by language and day; and time and zone.

    ``widths`` are the digits that each number has; ``mark`` is what stands between them.
    """

    numbers: tuple[int, int, int] | None = None
    widths: tuple[int, int, int] = (0, 0, 0)
    mark: str = ""
    year: int = 0
    months: dict[str, int] = field(default_factory=dict)
    day: int = 0
    clock: dt.time = dt.time()
    zone: Zone | None = None
    whole: dt.datetime | None = None


def parsed(text: str) -> Parsed:
    """Return the parts of the date in ``text``. Raises `NoDate`."""
    try:
        whole = dt.datetime.fromisoformat(text)
        if "W" not in text:
            return Parsed(whole=whole)
    except ValueError:
        pass
    try:
        clock, zone, rest = _clock_of(_plain(text))
        found = _date_of(rest.strip(" ,;-"))
    except NoDate:
        raise
    except UnknownZone as error:
        raise NoDate(_("the zone %(name)s is not known") % {"name": error}) from None
    except ValueError:
        raise NoDate from None
    if found is None:
        raise NoDate
    return replace(found, clock=clock, zone=zone)


def _plain(text: str) -> str:
    if text.isascii():
        return " ".join(text.split())
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    if any(char in plain for char in "〇零一二三四五六七八九十") and "年" in plain:
        plain = _HAN_NUMBER.sub(lambda found: _number_of(found.group()), plain)
    plain = _ERA.sub(_western_year, plain)
    return " ".join(_WEEKDAY_EAST.sub(" ", plain).split())


def _number_of(han: str) -> str:
    if "十" not in han:
        return "".join(_HAN_DIGITS[char] for char in han)
    tens, _, ones = han.partition("十")
    return str(int(_HAN_DIGITS.get(tens, "1")) * 10 + int(_HAN_DIGITS.get(ones, "0")))


def _western_year(found: "re.Match[str]") -> str:
    number = 1 if found.group(2) == "元" else int(found.group(2))
    return f"{number + _ERAS.get(found.group(1), 1911)}年"


def _clock_of(text: str) -> tuple[dt.time, Zone | None, str]:
    """Return the time of day, the zone, and the text without them."""
    text = _DOTTED_TIME.sub(_with_colons, text)
    found = _TIME.search(text)
    if found is None:
        end = re.search(
            r"(?<=\d)\s*(?:Z|[+-]\d{2}:?\d{2})$|\s(?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d{2})?)?$", text
        )
        # "15-01-2024" ends like an offset.
        if end and not re.fullmatch(r"\d{1,2}-\d{1,2}-\d{4}", text):
            return dt.time(), take_zone(end.group().strip())[0], text[: end.start()]
        return dt.time(), None, text
    part = found.groupdict()
    hour = int(part["hour"] or part["hour_east"] or part["hour_alone"])
    minute = int(part["minute"] or part["minute_east"] or 0)
    second = int(part["second"] or part["second_east"] or 0)
    half = (part["before"] or part["after"] or "").lower().replace(".", "").replace(" ", "")
    if half in names.AFTER_NOON:
        if half == "晚上" and hour == 12:
            raise NoDate
        hour += 12 if hour < 12 and not (half == "中午" and hour == 11) else 0
    elif half in names.BEFORE_NOON and hour == 12:
        hour = 0
    micro = int(((part["part"] or "") + "000000")[:6])
    zone, rest = take_zone(text[found.end() :])
    next_day = hour == 24 and minute == second == 0
    clock = dt.time(0 if next_day else hour, minute, min(second, 59), micro)
    if next_day:
        raise NoDate(_("the hour 24 belongs to the next day"))
    before = re.sub(r"(?<=\d)T$", "", text[: found.start()])
    return clock, zone, f"{before} {rest}"


def _with_colons(found: "re.Match[str]") -> str:
    _word, hour, minute, second, hour_uhr, minute_uhr = found.groups()
    if hour_uhr:
        return f"{hour_uhr}:{minute_uhr}"
    return f"{hour}:{minute}" + (f":{second}" if second else "")


@lru_cache(maxsize=4096)
def _date_of(text: str) -> Parsed | None:
    """Return the parts of a date without its time; days come again and again, so they are kept."""
    if (found := _NUMBERS.fullmatch(text)) is not None:
        first, mark, second, mark_two, third = found.groups()
        eastern = {"年": "月", "년": "월"}.get(mark)
        if mark_two != (eastern or mark):
            return None
        widths = (4 if eastern else len(first), len(second), len(third))
        return Parsed((int(first), int(second), int(third)), widths, mark)
    if re.fullmatch(r"(?:19|20)\d{6}", text):
        return Parsed((int(text[:4]), int(text[4:6]), int(text[6:])), (4, 2, 2))
    return _with_words(text)


def _with_words(text: str) -> Parsed | None:
    text = _ORDINAL.sub("", text)
    months: dict[str, int] = {}
    if (vietnamese := _VIETNAMESE.search(text)) is not None:
        months = {"vi": int(vietnamese.group(1))}
        text = f"{text[: vietnamese.start()]} {text[vietnamese.end() :]}"
    numbers: list[str] = []
    # "mar" is Tuesday in Spanish and March in many languages: beside another month it is the day.
    may_be_weekday = False
    for token in _TOKEN.findall(text):
        if token.isdigit():
            numbers.append(token)
            continue
        word = names.folded(token)
        named, weekday = names.month_named(word), names.is_weekday(word)
        if named and (not months or may_be_weekday):
            months, may_be_weekday = named, weekday
        elif not (weekday or word in names.NOISE or not word):
            return None
    if not months or len(numbers) != 2:
        return None
    first, second = numbers
    day, year = (second, first) if len(first) == 4 or int(first) > 31 else (first, second)
    if len(day) > 2 or len(year) not in (2, 4):
        return None
    return Parsed(year=full_year(int(year)), months=months, day=int(day))


def full_year(year: int) -> int:
    """Return the year that two digits mean: 70 to 99 are in the last century."""
    return year if year > 99 else year + (1900 if year >= 70 else 2000)
