"""What an import put on the roadmap goes with it; what people made of it since stays."""

import datetime as dt

import pytest

from feedback.roadmap import operations
from feedback.roadmap.erasing import erase_items_made_at
from feedback.roadmap.models import Item, Release
from feedback.roadmap.reports.operations import open_report
from feedback.roadmap.train import editing

LATER = dt.timedelta(days=4)


@pytest.fixture
def brought(item, pia, now):
    """A release that an import brought, with the dark theme in it."""
    return operations.ship(item=item, version="1.4.0", actor=pia, now=now).release


def undo(dark_mode, now):
    return erase_items_made_at([now], ask_ids=[dark_mode.pk], now=now + LATER)


def test_a_release_goes_with_all_that_it_carried(brought, item, dark_mode, now):
    assert undo(dark_mode, now) == {item.pk}
    assert not Item.objects.exists()
    assert not Release.objects.exists()


def test_a_release_stays_that_people_wrote_of(brought, dark_mode, pia, now):
    editing.add_link(
        release=brought, label="Download", url="https://example.org", actor=pia, now=now + LATER
    )
    undo(dark_mode, now)
    assert Release.objects.get().links.count() == 1


def test_a_release_stays_that_people_have_a_report_on(brought, dark_mode, now):
    report = open_report(release=brought, now=now)
    undo(dark_mode, now)
    assert Release.objects.get().report == report
