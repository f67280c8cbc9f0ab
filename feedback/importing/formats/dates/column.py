"""Dates of one column: what all its values together say of day and month, and the reader that follows from it."""

import datetime as dt
import re
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _

from feedback.importing.formats.dates.parsing import NoDate, Parsed, full_year, parsed
from feedback.importing.formats.refusals import Choice, Question, ValueUnreadable

EARLIEST = 1990
_NUMBER = re.compile(r"\d{9,19}(?:\.\d+)?|\d{5}(?:\.\d+)?")
_DOT_NET = re.compile(r"/Date\((\d+)(?:[+-]\d{4})?\)/")
_SPREADSHEET_DAYS = (32_874, 55_000)  # 1990 to 2050
_RELATIVE = re.compile(
    r"\b(?:ago|yesterday|today|just now|hours?|minutes?|days?|weeks?|months?)\b|前|昨天|今天|刚刚|剛剛|昨日|今日|어제|오늘|전$",
    re.IGNORECASE,
)


class Order(StrEnum):
    """How numbers follow each other in a date such as 3/5/2024."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"
    YEAR_FIRST = "year-first"


@dataclass(frozen=True)
class DateReader:
    """Reads the dates of a column: ``order`` of numbers, ``time_zone`` where a date names none, ``languages`` of months.

    A reader of a column that is called a date also takes bare numbers: seconds, milliseconds and finer since 1970, and
    a spreadsheet's days since 1900.
    """

    time_zone: dt.tzinfo
    latest: dt.datetime
    order: Order | None = None
    languages: frozenset[str] | None = None
    eastern: bool = False

    def read(self, value: object) -> dt.datetime | None:
        """Return the moment that ``value`` names, in UTC, or None for nothing. Raises `ValueUnreadable`."""
        if isinstance(value, dt.datetime):
            return self._aware(value, None)
        if isinstance(value, dt.date):
            return self._aware(dt.datetime(value.year, value.month, value.day), None)  # noqa: DTZ001
        text = str(value).strip()
        if not text:
            return None
        try:
            text = _bare(text)
            if _NUMBER.fullmatch(text):
                return self._aware(_from_number(text), None)
            found = parsed(text)
            moment = found.whole or dt.datetime.combine(self._day_of(found), found.clock)
            return self._aware(moment, found.zone)
        except NoDate as error:
            why = _why(text, str(error))
        except (ValueError, OverflowError, OSError):
            why = ""
        sentence = _('the date "%(date)s" cannot be read') % {"date": text[:40]}
        raise ValueUnreadable(f"{sentence}: {why}" if why else sentence)

    def _day_of(self, found: Parsed) -> dt.date:
        if found.numbers is None:
            known = {
                month
                for language, month in found.months.items()
                if self.languages is None or language in self.languages
            }
            if len(known) != 1:
                raise NoDate
            year = found.year - 543 if "th" in found.months and found.year > 2400 else found.year
            return dt.date(year, known.pop(), found.day)
        days = possible_days(found, self.eastern or self.order == Order.YEAR_FIRST)
        if not days:
            raise NoDate
        if len(set(days.values())) == 1:
            return next(iter(days.values()))
        if self.order in days:
            return days[self.order]
        raise NoDate

    def _aware(self, moment: dt.datetime, zone: "dt.tzinfo | str | None") -> dt.datetime:
        if isinstance(zone, str):
            zone = zone_meant(zone, moment, self.time_zone)
        if zone is not None:
            moment = moment.replace(tzinfo=zone)
        elif moment.tzinfo is None:
            moment = moment.replace(tzinfo=self.time_zone)
        moment = moment.astimezone(dt.UTC)
        if not EARLIEST <= moment.year <= 9000:
            raise NoDate
        return moment


def possible_days(found: Parsed, eastern: bool) -> dict[Order, dt.date]:
    """Return by order which day the numbers of ``found`` may name; four digits are the year, points begin with the day.

    Two digits may be the year at the beginning only where it is ``eastern``, or where nothing else is possible.
    """
    assert found.numbers is not None
    first, second, third = found.numbers
    if found.widths[0] >= 3:
        orders = {Order.YEAR_FIRST: (first, second, third)}
    else:
        year = full_year(third)
        orders = {Order.DAY_FIRST: (year, second, first)}
        if found.mark != ".":
            orders[Order.MONTH_FIRST] = (year, first, second)
        if found.widths[2] <= 2:
            orders[Order.YEAR_FIRST] = (full_year(first), second, third)
        elif found.widths[2] != 4:
            return {}
        if found.widths[2] == 1:  # 4.1.0 is a version
            return {}
    days = {}
    for order, numbers in orders.items():
        try:
            days[order] = dt.date(*numbers)
        except ValueError:
            continue
    if not eastern and len(days) > 1:
        days.pop(Order.YEAR_FIRST, None)
    return days


def zone_meant(name: str, moment: dt.datetime, time_zone: dt.tzinfo) -> dt.tzinfo:
    """Return which of several zones of one name is meant: ``time_zone``, if it is called so. Raises `NoDate`."""
    if moment.replace(tzinfo=time_zone).tzname() == name:
        return time_zone
    raise NoDate(_("the zone %(name)s means several") % {"name": name})


def _bare(text: str) -> str:
    """Return the number in "/Date(1705314030000)/", as .NET writes JSON."""
    found = _DOT_NET.fullmatch(text)
    return found.group(1) if found else text


def _why(text: str, reason: str) -> str:
    if not reason and _RELATIVE.search(text):
        return _("it counts from a day that the file does not name")
    return reason


def _from_number(text: str) -> dt.datetime:
    number, digits = float(text), len(text.split(".")[0])
    if digits == 5:
        if not _SPREADSHEET_DAYS[0] <= number <= _SPREADSHEET_DAYS[1]:
            raise NoDate
        return dt.datetime(1899, 12, 30) + dt.timedelta(days=number)  # noqa: DTZ001
    if digits == 14 and "." not in text:
        return dt.datetime.strptime(text, "%Y%m%d%H%M%S")  # noqa: DTZ007
    scale = {9: 1, 10: 1, 12: 1e3, 13: 1e3, 15: 1e6, 16: 1e6, 18: 1e9, 19: 1e9}.get(digits)
    if scale is None:
        raise NoDate
    return dt.datetime.fromtimestamp(number / scale, dt.UTC)


@dataclass
class DateColumn:
    """What the values of a column have said of their order so far.

    ``eastern``: dates may begin with two digits of the year, as they do beside Chinese, Japanese and Korean words.
    """

    latest: dt.datetime
    eastern: bool = False
    seen: int = 0
    read: int = 0
    unzoned: int = 0
    only: dict[Order, str] = field(default_factory=dict)
    only_past: dict[Order, str] = field(default_factory=dict)
    differing: dict[Order, str] = field(default_factory=dict)
    languages: frozenset[str] | None = None
    zone_names: set[str] = field(default_factory=set)
    odd_month: str = ""

    def add(self, value: object) -> None:
        """Take one more value into account."""
        text = _bare(str(value).strip())
        if not text:
            return
        self.seen += 1
        if isinstance(value, dt.date):
            self.read, self.unzoned = self.read + 1, self.unzoned + 1
            return
        if _NUMBER.fullmatch(text):
            try:
                _from_number(text)
            except (ValueError, OverflowError, OSError):
                return
            self.read += 1
            return
        try:
            found = parsed(text)
        except NoDate:
            return
        self.read += 1
        if isinstance(found.zone, str):
            self.zone_names.add(found.zone)
        if found.zone is None and (found.whole is None or found.whole.tzinfo is None):
            self.unzoned += 1
        if found.months:
            spoken = frozenset(found.months)
            self.languages = spoken if self.languages is None else self.languages & spoken
            if len(set(found.months.values())) > 1:
                self.odd_month = text
        elif found.numbers is not None and found.widths[0] < 3:
            self._weigh(found, text)

    def _weigh(self, found: Parsed, text: str) -> None:
        days = possible_days(found, self.eastern)
        if not days:
            self.read -= 1
            return
        if len(days) == 1:
            self.only.setdefault(next(iter(days)), text)
        elif len(set(days.values())) > 1:
            # Nobody has posted tomorrow.
            past = [order for order, day in days.items() if day <= self.latest.date()]
            if len(past) == 1:
                self.only_past.setdefault(past[0], text)
            for order in days:
                self.differing.setdefault(order, text)

    @property
    def share(self) -> float:
        """The share of the values that are dates."""
        return self.read / self.seen if self.seen else 0.0

    def settle(
        self, name: str, *, order: Order | None, time_zone: dt.tzinfo, is_zone_said: bool = False
    ) -> DateReader | Question:
        """Return the reader of the column ``name``, or what a person has to say first: ``order``, or ``time_zone`` (``is_zone_said``)."""
        if order is None and self.differing:
            evidence = self.only or self.only_past
            possible = [one for one in evidence if one in self.differing]
            if len(possible) != 1:
                return self._question(name)
            order = possible[0]
        if self.odd_month and self.languages is not None and len(self._months_meant()) > 1:
            return Question(
                "date_language",
                _(
                    'In the column "%(name)s" a month is named that differs between languages: "%(date)s".'
                )
                % {"name": name, "date": self.odd_month},
                tuple(Choice(one, one) for one in sorted(self.languages)),
            )
        for zone in sorted(self.zone_names):
            called = {dt.datetime(2024, month, 15, tzinfo=time_zone).tzname() for month in (1, 7)}
            if zone not in called and not is_zone_said:
                return Question(
                    "time_zone",
                    _('The zone "%(zone)s" of the column "%(name)s" means several.')
                    % {"zone": zone, "name": name},
                    (Choice("Asia/Shanghai", "UTC+8"), Choice("America/Chicago", "UTC-6"))
                    if zone == "CST"
                    else (Choice("Asia/Kolkata", "UTC+5:30"), Choice("Asia/Jerusalem", "UTC+2")),
                )
        return DateReader(time_zone, self.latest, order, self.languages or None, self.eastern)

    def _months_meant(self) -> set[int]:
        found = parsed(self.odd_month).months
        return {month for one, month in found.items() if one in (self.languages or ())}

    def _question(self, name: str) -> Question:
        if self.only and len(self.only) > 1:
            first, second = list(self.only.values())[:2]
            sentence = _('The column "%(name)s" mixes dates that begin with the day and with the month: "%(one)s" and "%(other)s".') % {
                "name": name, "one": first, "other": second,
            }  # fmt: skip
        else:
            text = next(iter(self.differing.values()))
            sentence = _('"%(date)s" in the column "%(name)s" may be one of several days, and no other date in it tells which.') % {
                "date": text, "name": name,
            }  # fmt: skip
        choices = []
        for order, text in self.differing.items():
            day = possible_days(parsed(text), self.eastern).get(order)
            if day is not None:
                choices.append(Choice(order.value, f"{text} = {day:%Y-%m-%d}"))
        return Question("date_order", sentence, tuple(choices))
