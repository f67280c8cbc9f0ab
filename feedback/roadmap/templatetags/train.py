"""How the train is written: days without their year, and what is due at a stop."""

import datetime as dt

from django import template
from django.utils.formats import date_format
from django.utils.translation import pgettext

from feedback.roadmap.train.presenting import USUAL
from feedback.roadmap.train.queries import Call

register = template.Library()


@register.filter
def short_day(day: dt.date) -> str:
    """Return ``day`` as "6 Mar"."""
    return date_format(day, pgettext("date without year, Django format", "j M"))


@register.filter
def long_day(day: dt.date) -> str:
    """Return ``day`` as "Friday 6 March"."""
    return date_format(day, pgettext("a day with its weekday, Django format", "l j F"))


@register.filter
def what_is_due(call: Call) -> str:
    """Return what is due at a stop, as the team wrote it or as is usual."""
    return call.day.due or str(USUAL[call.stop])
