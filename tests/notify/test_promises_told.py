"""A promise that does not hold is told to those who asked, from when to when, each time it moves."""

import datetime as dt

import pytest
from django.utils import translation

from feedback.notify.channels.inbox.presenting import told
from feedback.notify.models import Notice
from feedback.roadmap import operations as roadmap
from feedback.roadmap.train import operations as train

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(item, pia, now, deliver):
    """Plan the item for a version that leaves in so many days: ``plan("1.4", 7)``; ``plan("")`` for none."""

    def edit(version, days=0):
        roadmap.edit_item(
            item=item,
            title=item.title,
            summary="",
            version=version,
            release_date=now.date() + dt.timedelta(days=days) if version else None,
            actor=pia,
            now=now,
        )
        deliver()

    return edit


def heard(person):
    """What ``person`` heard of days, the first first."""
    verbs = ["roadmap.item-promised", "roadmap.item-unpromised"]
    notices = Notice.objects.filter(person=person, entry__verb__in=verbs).order_by("pk")
    return [told(notice).text for notice in notices.select_related("entry", "person")]


def test_a_later_version_is_a_slip_and_is_told_with_both_days(plan, ann, bo):
    plan("1.4", 7)
    plan("1.5", 14)
    for person in (ann, bo):
        first, second = heard(person)
        assert first.startswith("Planned for 1.4")
        assert second == (
            "It slips: promised for Friday 13 March, it now comes on Friday 20 March, with 1.5"
        )


def test_an_earlier_one_is_told_as_what_it_is(plan, ann):
    plan("1.5", 14)
    plan("1.4", 7)
    assert heard(ann)[1] == (
        "It was promised for Friday 20 March and now comes on Friday 13 March, with 1.4"
    )


def test_a_day_that_is_taken_back_is_told(plan, ann, bo, pia):
    plan("1.4", 7)
    plan("")
    for person in (ann, bo):
        assert heard(person)[1] == (
            "It does not come on Friday 13 March, with 1.4, and has no new day yet"
        )
    assert heard(pia) == []


def test_there_and_back_is_told_each_time(plan, ann):
    plan("1.4", 7)
    plan("1.5", 14)
    plan("1.4", 7)
    plan("1.5", 14)
    assert len(heard(ann)) == 4


def test_other_words_tell_nobody_anew(plan, ann):
    plan("1.4", 7)
    plan("1.4", 7)
    assert len(heard(ann)) == 1


def test_what_was_held_already_is_not_told_twice(plan, item, ann, pia, now, deliver):
    plan("1.4", 7)
    item.refresh_from_db()
    train.stop(release=item.release, word="A crash.", actor=pia, now=now)
    deliver()
    plan("")
    assert len(heard(ann)) == 1


def test_it_is_told_in_chinese(plan, ann):
    plan("1.4", 7)
    plan("1.5", 14)
    plan("")
    with translation.override("zh-hans"):
        assert all("1." in line and "It " not in line for line in heard(ann))
