"""The hours in which a person wants to hear nothing, by their own clock."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone

from feedback.notify.models import Wishes


def zone_of(wishes: Wishes | None) -> dt.tzinfo:
    """Return the time zone of whoever has these wishes, the site's where they named none."""
    if wishes is None or not wishes.time_zone:
        return timezone.get_default_timezone()
    return ZoneInfo(wishes.time_zone)


def after_quiet(at: dt.datetime, wishes: Wishes | None) -> dt.datetime:
    """Return ``at``, or the end of the quiet hours that it falls into."""
    if wishes is None or wishes.quiet_from is None or wishes.quiet_until is None:
        return at
    local = at.astimezone(zone_of(wishes))
    start, end, here = wishes.quiet_from, wishes.quiet_until, local.time()
    is_quiet = start <= here < end if start <= end else here >= start or here < end
    if not is_quiet:
        return at
    until = local.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return (until if until > local else until + dt.timedelta(days=1)).astimezone(dt.UTC)
