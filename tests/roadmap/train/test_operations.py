"""Planning a release, moving it on, letting it slip, skipping, stopping, and release day."""

import datetime as dt

import pytest

from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel.refusals import Refusal
from feedback.roadmap.models import ChangelogLine, Item, Release, Train
from feedback.roadmap.reports.timetable import opens_at
from feedback.roadmap.stops import TIMETABLE, Stop
from feedback.roadmap.train import operations as train
from feedback.roadmap.train.leaving import leave
from feedback.roadmap.train.queries import next_departure, on_its_way, timetable
from tests.roadmap.train.conftest import FRIDAY, MONDAY


def days_of(release):
    return {day.stop: day.due_date for day in release.stop_days.all()}


def test_a_release_takes_the_next_friday_and_has_its_days(coming, product):
    assert coming.release.release_date == FRIDAY
    assert set(days_of(coming.release)) == set(TIMETABLE)
    assert days_of(coming.release)[Stop.REPORT] == dt.date(2026, 3, 10)
    assert next_departure(product, MONDAY) == FRIDAY + dt.timedelta(days=7)
    assert on_its_way(product) == coming.release


def test_a_version_is_planned_once_and_one_that_items_wait_for_gets_its_days(product, coming):
    with pytest.raises(Refusal, match="on the train already"):
        train.plan_release(product=product, version=" 1.4.0 ", **coming.by)
    Release.objects.create(product=product, version="1.5", release_date=dt.date(2026, 3, 20))
    planned = train.plan_release(product=product, version="1.5", **coming.by)
    assert planned.release_date == dt.date(2026, 3, 20)
    assert planned.stop_days.count() == 5


def test_the_weekdays_of_a_train_are_its_managers(product, pia, now):
    weekdays = dict.fromkeys(train.WEEKDAYS, 0) | {"release_weekday": 3, "report_weekday": 4}
    train.change_train(product=product, weeks=2, actor=pia, now=now, **weekdays)
    first = train.plan_release(product=product, version="1", actor=pia, now=now)
    second = train.plan_release(product=product, version="2", actor=pia, now=now)
    assert (first.release_date, second.release_date) == (dt.date(2026, 3, 12), dt.date(2026, 3, 26))
    assert days_of(first)[Stop.BUILD] == dt.date(2026, 3, 9)
    assert days_of(first)[Stop.REPORT] == dt.date(2026, 3, 13)


def test_it_moves_from_stop_to_stop_and_back_and_nobody_is_told(coming):
    told = Entry.objects.filter(dispatches__consumer="notify.inbox").count()
    for stop in (Stop.BUILD, Stop.PREVIEW, Stop.BETA):
        train.move_release(release=coming.release, stop=stop, **coming.by)
    calls = timetable(coming.again(), FRIDAY)
    assert [call.state for call in calls] == ["past", "past", "here", "ahead", "ahead"]
    assert [call.is_due for call in calls] == [False, False, False, True, False]
    train.move_release(release=coming.release, stop=Stop.BUILD, **coming.by)
    reached = coming.release.stop_days.exclude(reached_at=None)
    assert [day.stop for day in reached] == [Stop.BUILD]
    assert Entry.objects.filter(dispatches__consumer="notify.inbox").count() == told


@pytest.mark.parametrize("stop", [Stop.RELEASED, Stop.REPORT, Stop.SKIPPED, Stop.STOPPED])
def test_moving_is_no_way_round_the_other_deeds(coming, stop):
    with pytest.raises(Refusal):
        train.move_release(release=coming.release, stop=stop, **coming.by)
    assert coming.again().stop == Stop.PLANNED


def test_a_slip_keeps_the_promised_day_and_brings_the_other_stops_along(coming):
    train.move_release(release=coming.release, stop=Stop.BUILD, **coming.by)
    later = FRIDAY + dt.timedelta(days=7)
    train.slip(release=coming.release, release_date=later, word="It crashes.", **coming.by)
    release = coming.again()
    assert (release.release_date, release.promised_date, release.word) == (
        later,
        FRIDAY,
        "It crashes.",
    )
    assert days_of(release)[Stop.BUILD] == MONDAY.date()
    assert days_of(release)[Stop.BETA] == dt.date(2026, 3, 11)
    train.slip(release=release, release_date=FRIDAY, word="Found it.", **coming.by)
    assert coming.again().promised_date is None


@pytest.mark.parametrize(
    ("day", "word"),
    [(FRIDAY, "Why not"), (dt.date(2026, 3, 1), "Why not"), (dt.date(2026, 3, 9), " ")],
)
def test_a_slip_needs_a_word_and_another_day_to_come(coming, day, word):
    with pytest.raises(Refusal):
        train.slip(release=coming.release, release_date=day, word=word, **coming.by)
    assert coming.again().release_date == FRIDAY


def test_skipping_hands_the_items_to_the_next_release_and_taking_up_again_brings_them_back(
    coming, product
):
    following = train.plan_release(product=product, version="1.5", **coming.by)
    train.skip(release=coming.release, word="Holidays.", **coming.by)
    assert set(following.items.all()) == {coming.ready, coming.waits}
    assert on_its_way(product) == following
    train.resume(release=coming.release, **coming.by)
    assert set(coming.release.items.all()) == {coming.ready, coming.waits}
    assert (coming.again().stop, coming.again().word) == (Stop.PLANNED, "")


def test_a_stopped_release_goes_on_where_it_stood(coming):
    train.move_release(release=coming.release, stop=Stop.PREVIEW, **coming.by)
    train.stop(release=coming.release, word="A leak.", **coming.by)
    assert coming.again().is_halted
    with pytest.raises(Refusal):
        leave(release=coming.release, **coming.by)
    train.resume(release=coming.release, **coming.by)
    assert coming.again().stop == Stop.PREVIEW


def test_what_is_taken_up_again_after_its_day_takes_the_next_departure(coming, product):
    train.stop(release=coming.release, word="A leak.", **coming.by)
    following = train.plan_release(product=product, version="1.5", **coming.by)
    later = {"actor": coming.by["actor"], "now": MONDAY + dt.timedelta(days=7)}
    train.resume(release=coming.release, **later)
    release = coming.again()
    assert following.release_date == FRIDAY
    assert (release.release_date, release.promised_date) == (dt.date(2026, 3, 13), FRIDAY)
    assert days_of(release)[Stop.REPORT] == dt.date(2026, 3, 17)


def test_what_is_taken_up_again_in_time_keeps_its_day(coming):
    train.stop(release=coming.release, word="A leak.", **coming.by)
    train.resume(release=coming.release, **coming.by)
    assert (coming.again().release_date, coming.again().promised_date) == (FRIDAY, None)


@pytest.mark.parametrize(
    ("left", "then"),
    [
        ("2026-02-27", "2026-03-13"),  # two weeks later, though a Friday comes before
        ("2026-02-25", "2026-03-13"),  # early, on a Wednesday
        ("2026-03-02", "2026-03-13"),  # late, on a Monday
        ("2025-11-07", "2026-03-06"),  # nothing for months: the next Friday
    ],
)
def test_a_train_of_two_weeks_leaves_two_weeks_after_the_last(product, pia, left, then):
    weekdays = {name: getattr(Train(), name) for name in train.WEEKDAYS}
    train.change_train(product=product, weeks=2, actor=pia, now=MONDAY, **weekdays)
    Release.objects.create(product=product, version="1", release_date=left)
    assert next_departure(product, MONDAY) == dt.date.fromisoformat(then)


def test_release_day_ships_what_is_ready_in_one_deed(coming, product, pia):
    following = train.plan_release(product=product, version="1.5", **coming.by)
    friday = dt.datetime(2026, 3, 6, 16, 0, tzinfo=dt.UTC)
    leave(release=coming.release, texts={coming.ready.pk: "Dark at last."}, actor=pia, now=friday)
    release = coming.again()
    assert (release.stop, release.released_at) == (Stop.RELEASED, friday)
    assert ChangelogLine.objects.get().text == "Dark at last."
    assert Entry.objects.filter(verb=Verb.ITEM_SHIPPED).count() == 1
    assert Item.objects.get(pk=coming.waits.pk).release == following
    entry = Entry.objects.get(verb=Verb.RELEASED)
    assert (entry.data["shipped"], entry.data["items"]) == ([coming.ready.pk], [coming.waits.pk])
    assert entry.data["instead"] == "1.5"


def test_a_manager_says_what_goes_along(coming, pia):
    leave(release=coming.release, items=[coming.waits], **coming.by)
    line = ChangelogLine.objects.get()
    assert (line.item, line.category) == (coming.waits, "MENDED")
    assert coming.again().release_date == MONDAY.date()
    assert Item.objects.get(pk=coming.ready.pk).release is None


@pytest.mark.parametrize("days", [-2, 4])
def test_what_leaves_early_or_late_leaves_today_and_its_report_follows(coming, frozen, days):
    left = dt.datetime(2026, 3, 6, 16, 0, tzinfo=dt.UTC) + dt.timedelta(days=days)
    leave(release=coming.release, actor=coming.by["actor"], now=left)
    release = coming.again()
    assert (release.release_date, release.released_at) == (left.date(), left)
    tuesday = dt.date(2026, 3, 10) if days < 0 else dt.date(2026, 3, 17)
    assert days_of(release)[Stop.REPORT] == tuesday
    assert opens_at(release).date() == tuesday


def test_a_release_leaves_once(coming):
    leave(release=coming.release, **coming.by)
    with pytest.raises(Refusal):
        leave(release=coming.release, **coming.by)
    assert Entry.objects.filter(verb=Verb.RELEASED).count() == 1
    train.move_release(release=coming.release, stop=Stop.REPORT, **coming.by)
    assert coming.again().stop == Stop.REPORT
