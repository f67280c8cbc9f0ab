"""The one clock. Views and commands read it once and pass `now` down; tests freeze it."""

import datetime as dt

from django.utils import timezone

#: So far from the database's may the clock of a machine be, and twice as far from that of another: what one machine writes and
#: another reads stands it (tests/ops/test_clocks.py).
MOST_APART = dt.timedelta(seconds=2)


def now() -> dt.datetime:
    """Return the current time, aware, in UTC."""
    return timezone.now()
