"""A report opens by itself on the report's day, once, and closes by itself."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from feedback.journal.models import Entry
from feedback.kernel import clock
from feedback.roadmap import operations as roadmap
from feedback.roadmap.models import Cell, Release, Report
from feedback.roadmap.reports.operations import (
    Said,
    close_due_reports,
    open_due_reports,
    open_report,
)
from feedback.roadmap.stops import Stop
from tests.roadmap.reports.conftest import TUESDAY
from tests.roadmap.test_at_once import at_once

WEEK = dt.timedelta(days=7)


def verbs():
    return [entry.verb for entry in Entry.objects.filter(verb__startswith="roadmap.report")]


def test_it_opens_on_tuesday_once(left, frozen, run_jobs):
    frozen.move_to(TUESDAY - dt.timedelta(hours=12))
    run_jobs()
    assert not Report.objects.exists()
    frozen.move_to(TUESDAY)
    run_jobs()
    run_jobs()
    report = Report.objects.get()
    assert report.release == left.release
    assert report.closes_at - report.opens_at == WEEK
    assert verbs() == ["roadmap.report-opened"]
    left.release.refresh_from_db()
    assert left.release.stop == Stop.REPORT


def test_it_closes_a_week_later_once(open_report, frozen, run_jobs):
    frozen.move_to(TUESDAY + WEEK - dt.timedelta(minutes=1))
    run_jobs()
    open_report.refresh_from_db()
    assert open_report.closed_at is None
    frozen.move_to(TUESDAY + WEEK + dt.timedelta(minutes=2))
    run_jobs()
    run_jobs()
    open_report.refresh_from_db()
    assert open_report.closed_at == clock.now()
    assert verbs() == ["roadmap.report-opened", "roadmap.report-closed"]


def test_a_worker_that_was_away_opens_it_late_and_for_a_whole_week(left, frozen):
    late = TUESDAY + dt.timedelta(days=3)
    (report,) = open_due_reports(now=late)
    assert (report.opens_at, report.closes_at) == (late, late + WEEK)


def test_what_left_long_ago_has_none(left):
    assert open_due_reports(now=TUESDAY + 2 * WEEK) == []


def test_a_release_that_has_not_left_or_carries_nothing_has_none(item, product):
    Release.objects.create(product=product, version="2.0", release_date=TUESDAY.date())
    empty = Release.objects.create(
        product=product,
        version="1.9",
        release_date=dt.date(2026, 3, 6),
        stop=Stop.RELEASED,
        released_at=TUESDAY - dt.timedelta(days=4),
    )
    assert open_due_reports(now=TUESDAY) == []
    assert not hasattr(empty, "report")


def test_one_that_is_moved_on_by_hand_opens_at_once(left, now):
    left.release.stop, left.release.stop_changed_at = Stop.REPORT, now
    left.release.save()
    assert len(open_due_reports(now=now)) == 1


def test_the_database_holds_that_a_release_has_one(open_report, left):
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(
            release=left.release, opens_at=TUESDAY, closes_at=TUESDAY + dt.timedelta(days=1)
        )


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_open_it_once_and_close_it_once(left):
    opened = at_once(*[lambda: open_report(release=left.release, now=TUESDAY)] * 3)
    assert [one for one in opened if isinstance(one, Exception)] == []
    assert sum(one is not None for one in opened) == 1
    later = TUESDAY + WEEK + dt.timedelta(hours=1)
    closed = at_once(*[lambda: close_due_reports(now=later)] * 3)
    assert sum(len(one) for one in closed) == 1
    assert sorted(verbs()) == ["roadmap.report-closed", "roadmap.report-opened"]


def test_the_popcorn_goes_to_what_is_loved_most_by_the_lower_bound(open_report, left, say, frozen):
    say([Said(Cell.LOVED, item=left.dark)], people=6)  # all of six
    say([Said(Cell.LOVED, item=left.offline)], people=38)  # nearly all of forty
    say([Said(Cell.BROKEN, item=left.offline)], people=2)
    frozen.move_to(TUESDAY + WEEK + dt.timedelta(hours=1))
    (report,) = close_due_reports(now=clock.now())
    assert report.award == left.offline


def test_nothing_gets_the_popcorn_where_nobody_can_tell(open_report, left, say):
    say([Said(Cell.LOVED, item=left.dark)], people=4)
    (report,) = close_due_reports(now=TUESDAY + WEEK + dt.timedelta(hours=1))
    assert report.award is None


def test_an_item_that_came_back_and_ships_again_is_asked_about_again(open_report, left, pia, now):
    roadmap.move(item=left.dark, stage="IN_PROGRESS", actor=pia, now=now)
    later = TUESDAY + WEEK
    roadmap.ship(item=left.dark, version="1.5.0", actor=pia, now=later)
    (again,) = open_due_reports(now=later + WEEK)
    assert again.release.version == "1.5.0"
