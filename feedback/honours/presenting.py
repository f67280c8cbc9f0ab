"""Levels, badges and honours in words, for pages."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.accounts.joining.queries import QUOTA, is_open
from feedback.accounts.limits import Allowance
from feedback.accounts.models import Standing, User
from feedback.accounts.outcomes.kinds import Kind, kinds
from feedback.accounts.trust import (
    DECIDED_BY_TEAM,
    KNOWN_BY,
    TRUSTED_BY,
    Trust,
    at,
    earned_by,
    level_of,
)
from feedback.forum import allowed
from feedback.honours.badges import BADGES, Badge, badges_of

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Level:
    """One level as a page shows it: what it needs, and how much it unlocks a day."""

    trust: Trust
    needs: str
    unlocks: Sequence[tuple[str, int | None]]
    is_here: bool
    is_reached: bool

    @property
    def name(self) -> str | Promise:
        """What it is called."""
        return self.trust.label


def levels(here: Trust | None) -> list[Level]:
    """Return every level from the lowest, marked ``here`` where the reader stands."""
    return [
        Level(
            trust,
            needs=_needs(trust),
            unlocks=_unlocks(trust),
            is_here=trust == here,
            is_reached=here is not None and trust < here,
        )
        for trust in Trust
    ]


def _needs(trust: Trust) -> str:
    match trust:
        case Trust.NEW:
            return _("Your first day here.")
        case Trust.MEMBER:
            return _("A day later. Nothing else.")
        case Trust.KNOWN:
            return ngettext("%(n)d outcome.", "%(n)d outcomes.", KNOWN_BY) % {"n": KNOWN_BY}
        case Trust.TRUSTED:
            said = _("%(n)d outcomes, at least %(team)d of them decided by the team.")
            return said % {"n": TRUSTED_BY, "team": DECIDED_BY_TEAM}
    return _("The people who make the product.")


def _unlocks(trust: Trust) -> list[tuple[str, int | None]]:
    """Return what ``trust`` may do a day, and how many it may invite, None for any number."""
    found: list[tuple[str, int | None]] = [
        (_("Posts a day"), _a_day(allowed.POSTS, trust)),
        (_("Replies a day"), _a_day(allowed.COMMENTS, trust)),
        (_("Votes a day"), _a_day(allowed.VOTES, trust)),
        (_("Files a day"), _a_day(allowed.UPLOADS, trust)),
    ]
    if is_open():
        found.append((_("People to invite"), None if trust == Trust.TEAM else at(QUOTA, trust)))
    return found


def _a_day(allowance: Allowance, trust: Trust) -> int | None:
    return next((hits for hits, per in allowance.of(trust) if per == _DAY), None)


@dataclass(frozen=True)
class Outcome:
    """One kind of outcome, and how many of it somebody has."""

    kind: Kind
    number: int

    @property
    def said(self) -> str:
        """It in words: "3 asks taken up"."""
        return self.kind.said(self.number)


def outcomes_of(standing: Standing | None) -> list[Outcome]:
    """Return what came of what somebody did, without what they have none of."""
    counts = standing.counts if standing is not None else {}
    return [Outcome(kind, counts[kind.key]) for kind in kinds() if counts.get(kind.key)]


@dataclass(frozen=True)
class Progress:
    """How far somebody is: where they stand, what is next and what it takes, and what holds them back."""

    trust: Trust
    outcomes: Sequence[Outcome]
    next_level: str
    needed: int
    needed_by_team: int
    lowered_until: dt.datetime | None


def progress_of(person: User, standing: Standing | None, *, now: dt.datetime) -> Progress:
    """Return how far ``person``, a member, is."""
    trust = level_of(standing, joined_at=person.joined_at, now=now)
    counts = standing.counts if standing is not None else {}
    raising = [kind for kind in kinds() if kind.raises]
    total = sum(counts.get(kind.key, 0) for kind in raising)
    decided = sum(counts.get(kind.key, 0) for kind in raising if kind.by_team)
    earned = earned_by(counts)
    needs = {Trust.MEMBER: KNOWN_BY, Trust.KNOWN: TRUSTED_BY}.get(earned, 0)
    next_level = {Trust.MEMBER: Trust.KNOWN, Trust.KNOWN: Trust.TRUSTED}.get(earned)
    by_team = max(0, DECIDED_BY_TEAM - decided) if earned == Trust.KNOWN else 0
    return Progress(
        trust=trust,
        outcomes=outcomes_of(standing),
        next_level=str(next_level.label) if next_level is not None else "",
        needed=max(needs - total, by_team),
        needed_by_team=by_team,
        lowered_until=_lowered_until(standing, earned, now=now),
    )


def _lowered_until(
    standing: Standing | None, earned: Trust, *, now: dt.datetime
) -> dt.datetime | None:
    """Return until when decisions keep somebody below what they earned; None where none does."""
    if standing is None:
        return None
    ends = [standing.new_until]
    if earned > Trust.MEMBER:
        ends.append(standing.member_until)
    return max((one for one in ends if one is not None and one > now), default=None)


def all_badges(counts: Mapping[str, int] | None) -> list[tuple[Badge, bool]]:
    """Return every badge, from the one that is earned first, and whether these outcomes earn it."""
    return [(one, counts is not None and one.is_earned(counts)) for one in reversed(BADGES)]


def badges_shown(standing: Standing | None) -> list[Badge]:
    """Return the badges of who stands so."""
    return badges_of(standing.counts) if standing is not None else []
