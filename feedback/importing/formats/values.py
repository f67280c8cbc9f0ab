"""What people write into the cells of a table: dates, stars, kinds, countries, and nothing."""

import datetime as dt
import re
from email.utils import parsedate_to_datetime

from feedback.forum.models import Post
from feedback.importing.formats.refusals import ValueUnreadable

_NOTHING = {"", "none", "null", "nil", "nan", "n/a", "na", "-", "--", "\\n", "无"}
_KINDS = {
    "suggestion": Post.Kind.SUGGESTION, "feature": Post.Kind.SUGGESTION, "feature request": Post.Kind.SUGGESTION,
    "enhancement": Post.Kind.SUGGESTION, "idea": Post.Kind.SUGGESTION, "improvement": Post.Kind.SUGGESTION,
    "建议": Post.Kind.SUGGESTION, "需求": Post.Kind.SUGGESTION, "功能建议": Post.Kind.SUGGESTION, "优化": Post.Kind.SUGGESTION,
    "bug": Post.Kind.BUG, "defect": Post.Kind.BUG, "issue": Post.Kind.BUG, "problem": Post.Kind.BUG,
    "crash": Post.Kind.BUG, "缺陷": Post.Kind.BUG, "故障": Post.Kind.BUG, "问题": Post.Kind.BUG, "问题反馈": Post.Kind.BUG,
    "question": Post.Kind.QUESTION, "support": Post.Kind.QUESTION, "help": Post.Kind.QUESTION,
    "提问": Post.Kind.QUESTION, "疑问": Post.Kind.QUESTION, "咨询": Post.Kind.QUESTION, "求助": Post.Kind.QUESTION,
    "praise": Post.Kind.PRAISE, "compliment": Post.Kind.PRAISE, "表扬": Post.Kind.PRAISE, "好评": Post.Kind.PRAISE,
}  # fmt: skip
_COUNTRIES = {
    "china": "CN", "中国": "CN", "united states": "US", "usa": "US", "美国": "US", "uk": "GB", "united kingdom": "GB",
    "英国": "GB", "japan": "JP", "日本": "JP", "india": "IN", "印度": "IN", "germany": "DE", "德国": "DE",
    "france": "FR", "法国": "FR", "canada": "CA", "加拿大": "CA", "australia": "AU", "澳大利亚": "AU",
    "singapore": "SG", "新加坡": "SG", "香港": "HK", "hong kong": "HK", "台湾": "TW", "taiwan": "TW",
    "russia": "RU", "俄罗斯": "RU", "brazil": "BR", "巴西": "BR", "spain": "ES", "西班牙": "ES",
    "italy": "IT", "意大利": "IT", "korea": "KR", "south korea": "KR", "韩国": "KR", "indonesia": "ID",
}  # fmt: skip
_NUMBER_DATE = re.compile(
    r"(\d{1,4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,4})\s*日?"
    r"(?:[T ,]*(上午|下午)?\s*(\d{1,2})[::时点](\d{1,2})(?:[::分](\d{1,2})(?:\.\d+)?秒?)?分?\s*(am|pm)?)?",
    re.IGNORECASE,
)
_WORD_DATES = ("%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y", "%Y %b %d")
_WORD_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
_EARLIEST = 1990


def nothing_or(text: str, *, also: tuple[str, ...] = ()) -> str:
    """Return ``text``, or "" when it only says that there is nothing ("None", "NaN", "-")."""
    lowered = text.strip().lower()
    return "" if lowered in _NOTHING or lowered in also else text


def moment(text: str, *, day_first: bool, time_zone: dt.tzinfo) -> dt.datetime | None:
    """Return the moment ``text`` names, aware, or None for no text.

    Understands ISO 8601, 2024/3/5, 5.3.2024, 2024年3月5日 下午3:20, Mar 5, 2024, mail dates, and seconds or milliseconds
    since 1970. In 3/5/2024 the month comes first unless ``day_first``, or unless it cannot be a month. A moment
    without a zone is in ``time_zone``. Raises `ValueUnreadable`.
    """
    text = nothing_or(text.strip())
    if not text:
        return None
    try:
        found = _parsed(text, day_first=day_first)
        if found.tzinfo is None:
            found = found.replace(tzinfo=time_zone)
        if not _EARLIEST <= found.year <= 9000:
            raise ValueError
        return found.astimezone(dt.UTC)
    except (ValueError, OverflowError, OSError):
        raise ValueUnreadable(f'the date "{text[:40]}" cannot be read') from None


def _parsed(text: str, *, day_first: bool) -> dt.datetime:
    if re.fullmatch(r"\d{9,10}(\.\d+)?", text):
        return dt.datetime.fromtimestamp(float(text), dt.UTC)
    if re.fullmatch(r"\d{12,13}", text):
        return dt.datetime.fromtimestamp(int(text) / 1000, dt.UTC)
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        pass
    match = _NUMBER_DATE.fullmatch(text)
    if match:
        return _from_numbers(match, day_first=day_first)
    plain = re.sub(r"\s+", " ", re.sub(r"[,]|(?<=\d)(?:st|nd|rd|th)\b", " ", text)).strip()
    for date_form in _WORD_DATES:
        for time_form in _WORD_TIMES:
            try:
                return dt.datetime.strptime(plain, date_form + time_form)  # noqa: DTZ007
            except ValueError:
                continue
    return parsedate_to_datetime(text)


def _from_numbers(match: "re.Match[str]", *, day_first: bool) -> dt.datetime:
    first, second, third = (int(match.group(number)) for number in (1, 2, 3))
    if first > 31:
        year, month, day = first, second, third
    else:
        year = third + 2000 if third < 70 else third
        is_day_first = first > 12 or (day_first and second <= 12)
        # 5.3.2024 with points is how those write who begin with the day.
        is_day_first = is_day_first or (match.group(0).count(".") >= 2 and second <= 12)
        day, month = (first, second) if is_day_first else (second, first)
    hour, minute, moment_second = (int(match.group(number) or 0) for number in (5, 6, 7))
    half = (match.group(4) or match.group(8) or "").lower()
    if half in ("下午", "pm") and hour < 12:
        hour += 12
    elif half in ("上午", "am") and hour == 12:
        hour = 0
    return dt.datetime(year, month, day, hour, minute, moment_second)  # noqa: DTZ001


def stars(text: str) -> int | None:
    """Return 1 to 5 for "4", "4.0", "4/5", "4星" or "★★★★", or None for no text. Raises `ValueUnreadable`."""
    text = nothing_or(text.strip())
    if not text:
        return None
    if set(text) <= {"★", "☆", "⭐", "\ufe0f"}:
        found: float = sum(text.count(star) for star in "★⭐")
    else:
        match = re.fullmatch(r"(\d(?:\.\d+)?)\s*(?:/\s*5|out of 5|stars?|星|分)?", text.lower())
        found = float(match.group(1)) if match else 0
    rounded = int(found + 0.5)
    if not 1 <= rounded <= 5:
        raise ValueUnreadable(f'stars are 1 to 5, not "{text[:20]}"')
    return rounded


def kind(text: str) -> tuple[str, str]:
    """Return a post's kind, "" when ``text`` names none, and the text when it is not understood."""
    word = nothing_or(text.strip())
    if not word:
        return "", ""
    found = _KINDS.get(word.lower(), "")
    return str(found), "" if found else word


def country(text: str) -> str:
    """Return a country's two letters for "sg", "en_SG", "SG " or "新加坡", or "" when it is not understood."""
    word = nothing_or(text.strip())
    if re.fullmatch(r"[A-Za-z]{2}", word):
        return word.upper()
    locale = re.fullmatch(r"[A-Za-z]{2,3}[_-](?:[A-Za-z]{4}[_-])?([A-Za-z]{2})", word)
    return locale.group(1).upper() if locale else _COUNTRIES.get(word.lower(), "")
