"""What the pages of the inbox write into their forms, read again."""

import datetime as dt

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from feedback.kernel.refusals import Refusal

TUESDAY = 1


def moment(written: str) -> dt.datetime | None:
    """Return the time that a page wrote into its form, None for what is none."""
    try:
        found = parse_datetime(written)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def laters(now: dt.datetime) -> list[tuple[str, str]]:
    """Return the days that "later" offers: the value of the button and its words."""
    today = timezone.localdate(now)
    tuesday = today + dt.timedelta(days=(TUESDAY - today.weekday() - 1) % 7 + 1)
    return [
        (str(today + dt.timedelta(days=1)), _("Tomorrow")),
        (str(tuesday), _("On Tuesday")),
        (str(today + dt.timedelta(days=14)), _("In two weeks")),
    ]


def until_of(request: HttpRequest) -> dt.datetime | None:
    """Return the beginning of the day that a form puts off to, None where it names none. Raises `Refusal`."""
    said = request.POST.get("do", "").removeprefix("later").strip()
    if not said:
        return None
    if said == "day":
        said = request.POST.get("day", "")
    try:
        day = parse_date(said)
    except ValueError:
        day = None
    if day is None:
        raise Refusal(_("Choose a day."), status=422)
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
