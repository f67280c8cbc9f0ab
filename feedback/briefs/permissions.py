"""Who may see a brief: everyone what was published, the team a draft too."""

import datetime as dt

from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from feedback.accounts.models import User
from feedback.accounts.permissions import is_team
from feedback.briefs.drafting.week import Week
from feedback.briefs.models import Brief
from feedback.forum.closed.reading import known_to


def access_brief(person: User | AnonymousUser, public_id: str) -> Brief:
    """Return the brief; raises `Http404` for a draft that is not theirs to see, and of a product they may not know of."""
    briefs = Brief.objects.select_related("product", "post")
    brief = briefs.filter(known_to(person), public_id=public_id).first()
    if brief is None or (brief.is_draft and not is_team(person)):
        raise Http404
    return brief


def access_week(monday: str) -> Week:
    """Return the week that begins on ``monday``, as an address names it ("2026-03-02"); raises `Http404` for no Monday."""
    try:
        day = dt.date.fromisoformat(monday)
    except ValueError:
        raise Http404 from None
    if day.weekday():
        raise Http404
    return Week(day)
