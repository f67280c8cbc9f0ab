"""A release that left on Friday with two items, and the Tuesday on which its report opens."""

import datetime as dt
from types import SimpleNamespace

import pytest

from feedback.kernel import clock
from feedback.roadmap import operations as roadmap
from feedback.roadmap.reports.operations import open_due_reports, send_report

TUESDAY = dt.datetime(2026, 3, 10, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
def left(ann, bo, pia, item, publish, make_ask, now):
    """1.4.0 left: with a dark theme, for which Ann and Bo asked, and with offline videos, for which Bo did."""
    offline = roadmap.adopt(
        ask=make_ask(publish(bo, "Offline videos")), actor=pia, now=now, title="Videos offline"
    )
    roadmap.ship(item=item, version="1.4.0", actor=pia, now=now)
    roadmap.ship(item=offline, version="1.4.0", actor=pia, now=now)
    item.refresh_from_db()
    return SimpleNamespace(release=item.release, dark=item, offline=offline)


@pytest.fixture
def open_report(left, frozen):
    """The report on 1.4.0, on Tuesday."""
    if frozen is not None:
        frozen.move_to(TUESDAY)
    (report,) = open_due_reports(now=TUESDAY)
    return report


@pytest.fixture
def say(open_report, person):
    """Have people fill in the report: ``say([Said(...)], people=7)``; a new person each, or those named."""
    made = []

    def fill(said, *, people=1, by=None):
        who = list(by) if by is not None else [person(f"P{len(made) + n}") for n in range(people)]
        made.extend(who)
        for one in who:
            send_report(report=open_report, person=one, said=said, now=clock.now())
        return who

    return fill
