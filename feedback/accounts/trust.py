"""How far a person is trusted: by what came of what they did here, never by how much they did.

Who has just come is not yet known to mean well. What the team decided against somebody lowers it for a while.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.accounts.models import Standing, User
from feedback.accounts.outcomes.kinds import kinds

Said = TypeVar("Said")
#: For so long after they joined a member is new here.
NEW_FOR = dt.timedelta(days=1)
#: Outcomes that make somebody known here, and those that make them trusted, so many of which the team decided.
KNOWN_BY, TRUSTED_BY, DECIDED_BY_TEAM = 1, 5, 2


class Trust(models.IntegerChoices):
    """From whom least is known to whom most is trusted."""

    NEW = 0, _("New here")
    MEMBER = 1, _("Member")
    KNOWN = 2, _("Known here")
    TRUSTED = 3, _("Trusted")
    TEAM = 9, _("Team")


def earned_by(counts: Mapping[str, int]) -> Trust:
    """Return the level that outcomes, by their kind, earn."""
    raising = [kind for kind in kinds() if kind.raises]
    total = sum(counts.get(kind.key, 0) for kind in raising)
    decided = sum(counts.get(kind.key, 0) for kind in raising if kind.by_team)
    if total >= TRUSTED_BY and decided >= DECIDED_BY_TEAM:
        return Trust.TRUSTED
    return Trust.KNOWN if total >= KNOWN_BY else Trust.MEMBER


def level_of(standing: Standing | None, *, joined_at: dt.datetime, now: dt.datetime) -> Trust:
    """Return the level of a member who stands so: a function of this alone."""
    if now - joined_at < NEW_FOR:
        return Trust.NEW
    if standing is None:
        return Trust.MEMBER
    if standing.new_until is not None and standing.new_until > now:
        return Trust.NEW
    earned = earned_by(standing.counts)
    if standing.member_until is not None and standing.member_until > now:
        return min(earned, Trust.MEMBER)
    return earned


def trust_of(person: User, *, now: dt.datetime) -> Trust:
    """Return how far ``person`` is trusted now."""
    if person.is_team:
        return Trust.TEAM
    if now - person.joined_at < NEW_FOR:
        return Trust.NEW
    return level_of(standing_of(person), joined_at=person.joined_at, now=now)


def trust_of_each(people: Collection[User], *, now: dt.datetime) -> dict[int, Trust]:
    """Return how far each of ``people`` is trusted now, by their key, as `trust_of` says."""
    counted = {one.person_id: one for one in Standing.objects.filter(person__in=people)}
    return {
        one.pk: Trust.TEAM
        if one.is_team
        else level_of(counted.get(one.pk), joined_at=one.joined_at, now=now)
        for one in people
    }


def standing_of(person: User) -> Standing | None:
    """Return what was counted of ``person``, None where that is nothing."""
    return Standing.objects.filter(person=person).first()


def at(levels: Mapping[Trust, Said], trust: Trust) -> Said:
    """Return what ``levels`` say of ``trust``: what they say of the last that is not above it."""
    return levels[max(level for level in levels if level <= trust)]
