"""How the roadmap writes a day: with its weekday where that counts, short in a timetable, in full on a page of thanks."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import pgettext


def long_day(day: dt.date) -> str:
    """Return ``day`` as "Friday 6 March"."""
    return date_format(day, pgettext("a day with its weekday, Django format", "l j F"))


def short_day(day: dt.date) -> str:
    """Return ``day`` as "6 Mar"."""
    return date_format(day, pgettext("date without year, Django format", "j M"))


def full_day(day: dt.date) -> str:
    """Return ``day`` as "6 March 2026"."""
    return date_format(day, pgettext("a full date, Django format", "j F Y"))
