"""Whether what is counted is what there is, of everything that Heed counts; every night, and when somebody asks."""

import datetime as dt
import logging
from dataclasses import dataclass

from django.core.cache import cache
from django.utils import timezone

from feedback.accounts.outcomes import counting
from feedback.asks.areas.counts import reconcile_areas
from feedback.asks.counts import drifted, proposals_drifted, recount, weights_drifted
from feedback.forum.agents.operations import reconcile_standing
from feedback.forum.counts import reconcile_counts
from feedback.forum.renderings.keeping import wrongly_kept
from feedback.honours import marking
from feedback.kernel import clock
from feedback.roadmap.counts import reconcile_credits

logger = logging.getLogger(__name__)

#: The hour of the site's day from which it counts.
HOUR = 3
_DONE, _KEPT_SECONDS = "ops.reconciled", 2 * 24 * 3600
_LAST, _LAST_SECONDS = "ops.reconciled.last", 30 * 24 * 3600


@dataclass(frozen=True)
class Counted:
    """What had drifted when everything was counted again, and when that was."""

    at: dt.datetime
    drift: dict[str, int]


def last_counted() -> Counted | None:
    """Return what the last night found; None where there was none within a month."""
    found: tuple[dt.datetime, dict[str, int]] | None = cache.get(_LAST)
    return Counted(*found) if found else None


def reconcile(*, fix: bool) -> dict[str, int]:
    """Count again what is counted; return how many rows of each kind said something else, mended with ``fix``.

    In short transactions; may run while people post and vote. What a release or a learning has counted once, as it was then,
    is no counter and stays.
    """
    standing = reconcile_standing(fix=fix, now=clock.now())
    drift = reconcile_counts(fix=fix)
    people, weights, proposals = drifted(), weights_drifted(), proposals_drifted()
    drift |= {"asks": len(people), "importance": len(weights)}
    if fix:
        recount({*people, *weights, *proposals})
    drift |= {
        "outcomes": len(counting.reconcile(fix=fix)),
        "marks": len(marking.reconcile(fix=fix)),
        "proposals": len(proposals),
        "areas": reconcile_areas(fix=fix),
        "credits": reconcile_credits(fix=fix),
        "renderings": wrongly_kept(fix=fix),
        "agents": standing,
    }
    return drift


def reconcile_tonight(*, now: dt.datetime) -> dict[str, int] | None:
    """Mend what has drifted and log it, once a day of the site, from `HOUR` on; None where that was done or it is too early."""
    here = timezone.localtime(now)
    if here.hour < HOUR or not cache.add(f"{_DONE}.{here:%Y-%m-%d}", 1, _KEPT_SECONDS):
        return None
    drift = reconcile(fix=True)
    for name, number in drift.items():
        if number:
            logger.warning("Counted again: %d of %s had drifted and are mended.", number, name)
    cache.set(_LAST, (now, drift), _LAST_SECONDS)
    return drift
