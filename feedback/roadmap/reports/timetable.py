"""When the report of a release opens and closes: by itself on the report's day of its train, for a week."""

import datetime as dt

from django.utils import timezone

from feedback.roadmap.models import Release, StopDay
from feedback.roadmap.stops import Stop
from feedback.roadmap.train.queries import train_of

#: The hour of the day at which it opens.
HOUR = dt.time(9)
#: For how long it is open.
OPEN_FOR = dt.timedelta(days=7)


def opens_at(release: Release) -> dt.datetime:
    """Return when the report of ``release``, which is out, opens: on its day, and not before the release was out.

    One that somebody moved on to its report by hand opens then.
    """
    assert release.released_at is not None
    if release.stop == Stop.REPORT and release.stop_changed_at is not None:
        return release.stop_changed_at
    due = StopDay.objects.filter(release=release, stop=Stop.REPORT).first()
    left = timezone.localdate(release.released_at)
    day = due.due_date if due is not None else train_of(release.product).days(left)[Stop.REPORT]
    morning = dt.datetime.combine(day, HOUR, tzinfo=timezone.get_current_timezone())
    return max(morning, release.released_at)
