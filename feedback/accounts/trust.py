"""How far a person is trusted: who has just come is not yet known to mean well."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.accounts.models import User

#: For so long after they joined a member is new here.
NEW_FOR = dt.timedelta(days=1)


class Trust(models.IntegerChoices):
    """From whom least is known to whom most is trusted."""

    NEW = 0, _("New here")
    MEMBER = 1, _("Member")
    TEAM = 9, _("Team")


def trust_of(person: User, *, now: dt.datetime) -> Trust:
    """Return how far ``person`` is trusted now."""
    if person.is_team:
        return Trust.TEAM
    return Trust.NEW if now - person.joined_at < NEW_FOR else Trust.MEMBER
