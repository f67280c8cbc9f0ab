"""Time zones as dates carry them: offsets, UTC and GMT, the names of the mail standard, names of places."""

import datetime as dt
import re
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

#: Hours from UTC. The first line is RFC 5322's.
_HOURS = {
    "UT": 0, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3,
    "MSK": 3, "PKT": 5, "WIB": 7, "ICT": 7, "HKT": 8, "SGT": 8, "AWST": 8, "JST": 9, "KST": 9, "ACST": 9.5, "AEST": 10,
    "ACDT": 10.5, "AEDT": 11, "NZST": 12, "NZDT": 13, "HST": -10, "AKST": -9, "AKDT": -8, "BRT": -3, "ART": -3,
}  # fmt: skip
#: Names that mean several zones: China and Chicago, India and Israel.
SEVERAL = frozenset({"CST", "IST"})
_OFFSET = re.compile(r"([+\-−])\s?(\d{1,2})(?::?(\d{2}))?(?::?\d{2})?(?!\d)")
_NAMED = re.compile(r"\s*(?:\(?\b(UTC|GMT|UT)\b|(?<![A-Za-z])(Z)(?![A-Za-z]))", re.IGNORECASE)
_LETTERS = re.compile(r"\s*\b([A-Z]{3,4})\b")
_PLACE = re.compile(r"\s*\[?\b([A-Z][A-Za-z]+(?:/[A-Za-z_+\-0-9]+){1,2})\]?")
#: What follows an offset and says it again: "(China Standard Time)", "[Europe/Paris]", "UTC", "CST".
_REPEATED = re.compile(r"\s*\([^)]*\)|\s*\[[^\]]*\]|\s*\b[A-Z]{3,4}\b(?: m=[+-][\d.]+)?")

_IN_NAME = re.compile(
    r"(?:^|[\s(_\[（])((?:UTC|GMT|utc|gmt)(?:\s?[+\-−]\s?\d{1,2}(?::?\d{2})?)?)(?:$|[\s)_\]）])"
)

Zone = dt.tzinfo | str


class UnknownZone(ValueError):
    """A word stands where a zone does and is none that is known."""


def take_zone(text: str) -> tuple[Zone | None, str]:
    """Return the zone that ``text`` begins with, and the rest; a name of `SEVERAL` zones comes back as it is.

    An aside after an offset ("(China Standard Time)") only repeats it.
    """
    named = _NAMED.match(text)
    rest = text[named.end() :] if named else text.lstrip()
    offset = _OFFSET.match(rest.lstrip()) if named or rest[:1] in "+-−" else None
    if offset:
        sign, hours, minutes = offset.groups()
        delta = dt.timedelta(hours=int(hours), minutes=int(minutes or 0))
        if delta > dt.timedelta(hours=14):
            raise UnknownZone(offset.group())
        zone: Zone | None = dt.timezone(-delta if sign != "+" else delta)
        return zone, _REPEATED.sub("", rest.lstrip()[offset.end() :], count=1)
    if named:
        return dt.UTC, rest.lstrip(") ")
    place = _PLACE.match(text)
    if place and place.group(1) in _places():
        return ZoneInfo(place.group(1)), text[place.end() :]
    letters = _LETTERS.match(text)
    if letters:
        name = letters.group(1)
        if name in SEVERAL:
            return name, text[letters.end() :]
        if name in _HOURS:
            return dt.timezone(dt.timedelta(hours=_HOURS[name])), text[letters.end() :]
    return None, text


@cache
def _places() -> frozenset[str]:
    return frozenset(available_timezones())


def zone_in(name: str) -> dt.tzinfo | None:
    """Return the zone in a column's name: "Submit Date (UTC)", "created_utc", "时间(GMT+8)"."""
    found = _IN_NAME.search(name)
    zone = take_zone(found.group(1))[0] if found else None
    return zone if isinstance(zone, dt.tzinfo) else None
