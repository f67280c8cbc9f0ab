"""A week, from its Monday to its Sunday, by the site's clock."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

#: What grew is compared with so many weeks before.
WEEKS_BEFORE = 8


@dataclass(frozen=True, order=True)
class Week:
    """The week that begins on ``monday``."""

    monday: dt.date

    @classmethod
    def of(cls, day: dt.date) -> "Week":
        """Return the week that ``day`` lies in."""
        return cls(day - dt.timedelta(days=day.weekday()))

    @property
    def sunday(self) -> dt.date:
        """Its last day."""
        return self.monday + dt.timedelta(days=6)

    @property
    def begins_at(self) -> dt.datetime:
        """Its first moment."""
        return _midnight(self.monday)

    @property
    def ends_at(self) -> dt.datetime:
        """The first moment of the next."""
        return _midnight(self.monday + dt.timedelta(days=7))

    def before(self, weeks: int) -> "Week":
        """Return the week that was so many ``weeks`` before."""
        return Week(self.monday - dt.timedelta(weeks=weeks))

    @property
    def title(self) -> str:
        """What it is called, in the language in force."""
        first = pgettext("first day of a week, Django format", "j F")
        last = pgettext("last day of a week, Django format", "j F Y")
        return _("The week of %(first)s to %(last)s") % {
            "first": date_format(self.monday, first),
            "last": date_format(self.sunday, last),
        }


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
