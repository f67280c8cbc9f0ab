"""What a release is called, and what it means for it to leave: it is out, since when, and it is no longer waited for."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.forum.models import Product
from feedback.kernel.refusals import Refusal
from feedback.roadmap.models import Release, StopDay
from feedback.roadmap.ring.closing import close_ring
from feedback.roadmap.stops import Stop


def check_version(version: str) -> None:
    """Raise `Refusal` for a version that could not stand in an address."""
    if set(version) & set("/\\?#%") or not version.strip("."):
        raise Refusal(_("A version has letters, digits, dots, hyphens and spaces."), status=422)


def release_called(
    product: Product, version: str, *, date: dt.date | None, otherwise: dt.date
) -> Release:
    """Return the release of ``product`` called ``version``, on ``date`` when one is given and its own does not stand.

    Raises `Refusal` for a version that no address can hold. Lock contract: call under `hold_grouping`.
    """
    check_version(version)
    release, is_new = Release.objects.get_or_create(
        product=product, version=version, defaults={"release_date": date or otherwise}
    )
    if date is not None and not is_new and not release.is_dated:
        release.release_date = date
        release.save(update_fields=["release_date"])
    return release


def depart(release: Release, *, now: dt.datetime) -> None:
    """Say that ``release`` is out, and close its ring; no-op when it is. It left on its day, if that has passed, else now.

    Raises `Refusal` for one that was skipped or stopped.
    """
    if release.is_out:
        return
    if release.is_halted:
        raise Refusal(
            _("%(version)s does not leave as things stand. Take it up again on its page first.")
            % {"version": release.version}
        )
    today = timezone.localdate(now)
    at = now
    if release.release_date < today:
        noon = dt.datetime.combine(release.release_date, dt.time(12))
        at = timezone.make_aware(noon)
    release.stop, release.stop_changed_at, release.released_at = Stop.RELEASED, at, at
    release.save(update_fields=["stop", "stop_changed_at", "released_at"])
    StopDay.objects.filter(release=release, stop=Stop.RELEASED).update(reached_at=at)
    close_ring(release, now=now)
