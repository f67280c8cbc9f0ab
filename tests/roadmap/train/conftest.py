"""A release on its way, with one item that is ready and one that is not."""

import datetime as dt
from types import SimpleNamespace

import pytest

from feedback.roadmap import operations as roadmap
from feedback.roadmap.models import Release
from feedback.roadmap.train import operations as train

#: The Monday of the week, whose Friday is `tests.cast.NOW`.
MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
FRIDAY = dt.date(2026, 3, 6)


@pytest.fixture
def coming(frozen, product, item, ann, bo, publish, make_ask, pia):
    """Version 1.4.0 on a Monday: `ready` is in beta, `waits` was only adopted; `again` reads it afresh."""
    frozen.move_to(MONDAY)
    release = train.plan_release(product=product, version="1.4.0", actor=pia, now=MONDAY)
    bugs = make_ask(publish(bo, "It crashes on start", kind="BUG"))
    waits = roadmap.adopt(ask=bugs, title="No crash", actor=pia, now=MONDAY)
    for one in (item, waits):
        roadmap.edit_item(
            item=one, title=one.title, summary="", version="1.4.0", actor=pia, now=MONDAY
        )
        one.refresh_from_db()
    roadmap.move(item=item, stage="BETA", actor=pia, now=MONDAY)
    return SimpleNamespace(
        release=release,
        ready=item,
        waits=waits,
        by={"actor": pia, "now": MONDAY},
        again=lambda: Release.objects.get(pk=release.pk),
    )
