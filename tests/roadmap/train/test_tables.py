"""What the tables of the train hold, and where releases stand that were there before it."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from feedback.journal.models import Entry
from feedback.kernel.refusals import Refusal
from feedback.roadmap import operations
from feedback.roadmap.models import ChangelogLine, Release, Train
from feedback.roadmap.stops import HALTED, OUT, TIMETABLE, Stop, after, check_allowed, next_after

FRIDAY = dt.date(2026, 3, 6)
migration = import_module("feedback.roadmap.migrations.0003_where_releases_stand")


def test_the_usual_week_ends_on_friday_and_asks_on_tuesday():
    days = Train().days(FRIDAY)
    assert [days[stop].strftime("%a %d") for stop in TIMETABLE] == [
        "Mon 02",
        "Tue 03",
        "Wed 04",
        "Fri 06",
        "Tue 10",
    ]


@given(
    st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)),
    st.tuples(*[st.integers(0, 6)] * 4),
)
def test_whatever_the_weekdays_no_stop_is_due_before_the_one_it_follows(day, weekdays):
    names = ("build_weekday", "preview_weekday", "beta_weekday", "report_weekday")
    days = Train(**dict(zip(names, weekdays, strict=True))).days(day)
    dates = [days[stop] for stop in TIMETABLE]
    assert dates == sorted(dates)
    assert days[Stop.RELEASED] == day < days[Stop.REPORT]
    assert [
        days[stop].weekday() for stop in (Stop.BUILD, Stop.PREVIEW, Stop.BETA, Stop.REPORT)
    ] == [*weekdays]


def test_what_is_out_never_comes_back_and_what_is_halted_never_leaves():
    for stop in Stop:
        assert stop not in after(stop)
        if stop in OUT:
            assert after(stop) <= OUT
        if stop in HALTED:
            assert not after(stop) & OUT


def test_the_next_stop_is_always_an_allowed_one():
    way = [Stop.PLANNED]
    while (then := next_after(way[-1])) is not None:
        check_allowed(way[-1], then)
        way.append(then)
    assert way == [Stop.PLANNED, *TIMETABLE]
    assert next_after(Stop.STOPPED) is None
    with pytest.raises(Refusal):
        check_allowed(Stop.RELEASED, Stop.BETA)


@pytest.mark.parametrize(
    "wrong", [{"stop": Stop.RELEASED}, {"stop": Stop.SKIPPED}, {"stop": Stop.STOPPED, "word": ""}]
)
def test_the_database_holds_what_a_stop_means(product, wrong):
    with pytest.raises(IntegrityError):
        Release.objects.create(product=product, version="1.0", release_date=FRIDAY, **wrong)


def test_shipping_an_item_says_that_its_version_is_out(item, pia, now):
    operations.ship(item=item, version="1.4.0", actor=pia, now=now)
    release = Release.objects.get()
    assert (release.stop, release.released_at) == (Stop.RELEASED, now)


def test_a_version_that_left_before_is_out_since_its_day(item, pia, now):
    operations.ship(
        item=item, version="1.3", release_date=FRIDAY - dt.timedelta(days=7), actor=pia, now=now
    )
    assert Release.objects.get().released_at == dt.datetime(2026, 2, 27, 12, tzinfo=dt.UTC)


def test_nothing_ships_in_a_version_that_was_stopped(item, product, pia, now):
    Release.objects.create(
        product=product, version="1.4", release_date=FRIDAY, stop=Stop.STOPPED, word="It crashes."
    )
    with pytest.raises(Refusal, match=r"1\.4 does not leave"):
        operations.ship(item=item, version="1.4", actor=pia, now=now)
    item.refresh_from_db()
    assert item.stage == "PLANNED"


def test_releases_from_before_the_train_stand_where_they_stood(
    item, product, ann, bo, publish, make_ask, pia, now
):
    bugs = make_ask(publish(ann, "It crashes", kind="BUG"), publish(bo, "Crash!", kind="BUG"))
    mended = operations.adopt(ask=bugs, title="No crash", actor=pia, now=now)
    operations.ship(item=mended, version="1.4.0", actor=pia, now=now)
    imported = operations.adopt(ask=make_ask(publish(bo, "Old")), title="Old", actor=pia, now=now)
    operations.ship(item=imported, version="0.9", actor=pia, now=now)
    Release.objects.update(stop=Stop.PLANNED, released_at=None)
    Release.objects.filter(version="0.9").update(release_date=dt.date(2019, 5, 3))
    Release.objects.create(product=product, version="0.8", release_date=dt.date(2019, 1, 1))
    ChangelogLine.objects.update(category="NEW")
    written = Entry.objects.count()

    migration.say_where_they_stand(apps, None)

    stands = {one.version: (one.stop, one.released_at) for one in Release.objects.all()}
    assert stands == {
        "1.4.0": (Stop.RELEASED, now),
        "0.9": (Stop.RELEASED, dt.datetime(2019, 5, 3, 12, tzinfo=dt.UTC)),
        "0.8": (Stop.PLANNED, None),
    }
    assert dict(ChangelogLine.objects.values_list("item", "category")) == {
        mended.pk: "MENDED",
        imported.pk: "NEW",
    }
    assert Entry.objects.count() == written
