"""The stops of a release on its way, and which may follow which."""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from feedback.kernel.refusals import Refusal


class Stop(models.TextChoices):
    """Where a release stands. The first six are in the order of the way; the last two are off it."""

    PLANNED = "PLANNED", pgettext_lazy("stop", "Planned")
    BUILD = "BUILD", pgettext_lazy("stop", "Build")
    PREVIEW = "PREVIEW", pgettext_lazy("stop", "Preview")
    BETA = "BETA", pgettext_lazy("stop", "Beta")
    RELEASED = "RELEASED", pgettext_lazy("stop", "Release")
    REPORT = "REPORT", pgettext_lazy("stop", "Report")
    SKIPPED = "SKIPPED", pgettext_lazy("stop", "Skipped")
    STOPPED = "STOPPED", pgettext_lazy("stop", "Stopped")


#: The stops that have a day in the timetable, in the order of the way.
TIMETABLE = (Stop.BUILD, Stop.PREVIEW, Stop.BETA, Stop.RELEASED, Stop.REPORT)
#: What stands at one of these is in people's hands.
OUT = frozenset({Stop.RELEASED, Stop.REPORT})
#: What stands at one of these does not come, or not now; a public word says why.
HALTED = frozenset({Stop.SKIPPED, Stop.STOPPED})

_BEFORE_RELEASE = (Stop.PLANNED, Stop.BUILD, Stop.PREVIEW, Stop.BETA)

#: A stop may be left out, and gone back to until the release is out: then it is out for good.
_ALLOWED: dict[Stop, frozenset[Stop]] = {
    stop: frozenset({*_BEFORE_RELEASE, Stop.RELEASED, *HALTED}) - {stop} for stop in _BEFORE_RELEASE
} | {
    Stop.RELEASED: frozenset({Stop.REPORT}),
    Stop.REPORT: frozenset(),
    Stop.STOPPED: frozenset({*_BEFORE_RELEASE, Stop.SKIPPED}),
    Stop.SKIPPED: frozenset({Stop.PLANNED}),
}


def after(stop: Stop | str) -> frozenset[Stop]:
    """Return the stops that may follow ``stop``."""
    return _ALLOWED[Stop(stop)]


def next_after(stop: Stop | str) -> Stop | None:
    """Return the stop that comes next in the timetable; None at the end of it, and off the way."""
    if stop == Stop.PLANNED:
        return TIMETABLE[0]
    if stop in HALTED or stop == TIMETABLE[-1]:
        return None
    return TIMETABLE[TIMETABLE.index(Stop(stop)) + 1]


def check_allowed(present: Stop | str, wanted: Stop | str) -> None:
    """Raise `Refusal` unless ``wanted`` may follow ``present`` on the way of a release."""
    if Stop(wanted) not in after(present):
        raise Refusal(_("The release has moved meanwhile. Look where it stands now."))
