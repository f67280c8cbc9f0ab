"""How the train is written: its days, and what is due at a stop."""

from django import template

from feedback.roadmap.days import long_day, short_day
from feedback.roadmap.train.presenting import USUAL
from feedback.roadmap.train.queries import Call

register = template.Library()
register.filter("long_day", long_day)
register.filter("short_day", short_day)


@register.filter
def what_is_due(call: Call) -> str:
    """Return what is due at a stop, as the team wrote it or as is usual."""
    return call.day.due or str(USUAL[call.stop])
