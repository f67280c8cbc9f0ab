"""When something happened in a place whose last day is today.

Its people write until a few hours ago, its team decides on Tuesdays and its trains leave on Fridays, whatever day it is
when the place is loaded:

- ``-12 21:40``: twelve days ago, at that time of day;
- ``-5h``, ``-40m``: five hours, forty minutes ago;
- ``fri-2 16:00``: the last Friday but one, today not counted; ``tue-9`` of the Tuesdays; ``fri+0`` is the next one, today included;
- ``fri-2+1 20:15``: a day after that;
- ``fri-1 +30%``: when three tenths of the time between that Friday's train and now had passed;
- ``+20m``, ``+5h``, ``+3d``: after what it answers.
"""

import datetime as dt
import re

_AGO = re.compile(r"-(\d+)([hm])")
_AFTER = re.compile(r"\+(\d+)([dhm])")
_DAY = re.compile(r"(?:(-\d+)|([a-z]{3})([+-]\d+)(\+\d+)?) (\d\d?):(\d\d)")
_SINCE = re.compile(r"fri(-\d+) \+(\d\d?)%")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: The train has left by then.
_LEFT = dt.time(16, 30)
#: What would lie in the future of a place that is loaded early in the day happened just now.
_JUST_NOW = dt.timedelta(minutes=2)


class Moments:
    """Turns those words into moments, seen from ``now``."""

    def __init__(self, now: dt.datetime, zone: dt.tzinfo) -> None:
        self._now = now
        self._zone = zone
        self.today = now.astimezone(zone).date()

    def friday(self, words: str) -> dt.date:
        """Return the day of ``fri-2`` or ``fri+0``. Raises `ValueError`."""
        found = re.fullmatch(r"fri([+-]\d+)", words)
        if found is None:
            raise ValueError(f"“{words}” is no Friday: fri-1, fri+0.")
        return self._weekday("fri", int(found[1]))

    def has_come(self, words: str) -> bool:
        """Return whether the day and time that ``words`` name lie before now. Raises `ValueError`."""
        found = _DAY.fullmatch(words)
        if found is None:
            raise ValueError(f"“{words}” is no day with a time: fri-2+4 9:00.")
        return self._on_a_day(found) < self._now - _JUST_NOW

    def at(self, words: str, *, after: dt.datetime | None = None) -> dt.datetime:
        """Return the moment that ``words`` name, never later than now. Raises `ValueError`."""
        if (found := _AGO.fullmatch(words)) is not None:
            moment = self._now - dt.timedelta(**{_UNITS[found[2]]: int(found[1])})
        elif (found := _AFTER.fullmatch(words)) is not None and after is not None:
            moment = after + dt.timedelta(**{_UNITS[found[2]]: int(found[1])})
        elif (found := _SINCE.fullmatch(words)) is not None:
            left = dt.datetime.combine(
                self._weekday("fri", int(found[1])), _LEFT, tzinfo=self._zone
            )
            moment = left + (self._now - left) * int(found[2]) / 100
        elif (found := _DAY.fullmatch(words)) is not None:
            moment = self._on_a_day(found)
        else:
            raise ValueError(f"“{words}” says no time: -12 21:40, -5h, fri-2 16:00, +3d.")
        return min(moment, self._now - _JUST_NOW)

    def _on_a_day(self, found: re.Match[str]) -> dt.datetime:
        days, weekday, week, more, hour, minute = found.groups()
        if days is not None:
            day = self.today + dt.timedelta(days=int(days))
        else:
            day = self._weekday(weekday, int(week)) + dt.timedelta(days=int(more or 0))
        return dt.datetime.combine(day, dt.time(int(hour), int(minute)), tzinfo=self._zone)

    def _weekday(self, weekday: str, week: int) -> dt.date:
        """Return that day of the week, today or the next one being number 0."""
        ahead = (_WEEKDAYS.index(weekday) - self.today.weekday()) % 7
        return self.today + dt.timedelta(days=ahead, weeks=week)
