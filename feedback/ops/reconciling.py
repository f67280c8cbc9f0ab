"""Whether what is counted is what there is, of everything that Heed counts; every night, and when somebody asks."""

import datetime as dt
import logging

from django.utils import timezone

from feedback.accounts.outcomes import counting
from feedback.asks.areas.counts import reconcile_areas
from feedback.asks.counts import drifted, proposals_drifted, recount, weights_drifted
from feedback.forum.agents.operations import reconcile_standing
from feedback.forum.counts import reconcile_counts
from feedback.forum.renderings.keeping import wrongly_kept
from feedback.honours import marking
from feedback.kernel import clock
from feedback.kernel.leases import claim, free
from feedback.measure.priority import crowds
from feedback.ops.models import Night
from feedback.roadmap.counts import reconcile_credits

logger = logging.getLogger(__name__)

#: The hour of the site's day from which it counts.
HOUR = 3
#: Renewed for as long as it counts: what a killed worker held is taken up at the next look.
LEASE = dt.timedelta(seconds=60)
#: A night that stopped its workers in the middle so often is left; it is missed among the figures.
ATTEMPTS = 3


def last_counted() -> Night | None:
    """Return the last night in which all was counted again; None before the first."""
    return Night.objects.exclude(counted_at=None).order_by("-day").first()


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
        "crowds": len(crowds.reconcile(fix=fix)),
        "credits": reconcile_credits(fix=fix),
        "renderings": wrongly_kept(fix=fix),
        "agents": standing,
    }
    return drift


def reconcile_tonight(*, now: dt.datetime) -> dict[str, int] | None:
    """Mend what has drifted and log it, once a day of the site, from `HOUR` on; None where that was done or it is too early.

    One worker at a time; a night in whose middle its worker was killed is counted by the next one.
    """
    here = timezone.localtime(now)
    if here.hour < HOUR:
        return None
    night, _made = Night.objects.get_or_create(day=here.date())
    uncounted = Night.objects.filter(free(now), counted_at=None, attempts__lt=ATTEMPTS)
    lease = claim(uncounted, night, lasts=LEASE)
    if lease is None:
        return None
    with lease.kept_alive():
        drift = reconcile(fix=True)
    for name, number in drift.items():
        if number:
            logger.warning("Counted again: %d of %s had drifted and are mended.", number, name)
    lease.end(counted_at=clock.now(), drift=drift)
    return drift
