"""The one clock. Views and commands read it once and pass `now` down; tests freeze it."""

import datetime as dt

from django.utils import timezone


def now() -> dt.datetime:
    """Return the current time, aware, in UTC."""
    return timezone.now()
