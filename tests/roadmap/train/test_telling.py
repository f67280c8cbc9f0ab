"""Whom a release tells, and of what: the day that was promised, its slip, and that it is out; nobody twice."""

import datetime as dt

import pytest

from feedback.journal import operations as journal
from feedback.notify.following.operations import subscribe
from feedback.notify.groups import About
from feedback.notify.models import Notice
from feedback.notify.occasions import by_verb
from feedback.roadmap import operations as roadmap
from feedback.roadmap.train import operations as train
from feedback.roadmap.train.leaving import leave
from tests.roadmap.train.conftest import FRIDAY, MONDAY


@pytest.fixture
def told(coming):
    """Deliver what is due, and return what each person has heard since: ``told()`` is {"Ann": ["item_shipped"]}."""
    while journal.deliver_due(now=MONDAY):
        pass
    seen = set(Notice.objects.values_list("pk", flat=True))

    def run(now=MONDAY):
        while journal.deliver_due(now=now):
            pass
        found = {}
        for notice in Notice.objects.exclude(pk__in=seen).select_related("person", "entry"):
            seen.add(notice.pk)
            found.setdefault(notice.person.name, []).append(notice.entry.verb.split(".")[1])
        return {name: sorted(verbs) for name, verbs in found.items()}

    return run


def test_a_promise_was_told_to_everyone_behind_the_item(coming, told, ann, bo):
    promised = Notice.objects.filter(entry__verb="roadmap.item-promised")
    assert {notice.person for notice in promised} == {ann, bo}


def test_a_slip_is_told_once_to_who_waits_for_several_items(coming, told):
    later = FRIDAY + dt.timedelta(days=7)
    train.slip(release=coming.release, release_date=later, word="A crash.", **coming.by)
    assert told() == {"Ann": ["release-slipped"], "Bo": ["release-slipped"]}
    assert told() == {}


def test_moving_from_stop_to_stop_is_told_to_nobody(coming, told):
    train.move_release(release=coming.release, stop="BUILD", **coming.by)
    assert told() == {}


def test_release_day_tells_of_what_shipped_and_of_what_stayed_behind(coming, told):
    leave(release=coming.release, **coming.by)
    # Ann and Bo are behind what shipped, Bo alone behind what stayed.
    assert told() == {"Ann": ["item-shipped"], "Bo": ["item-shipped", "released"]}


def test_who_follows_a_release_hears_that_it_is_out(coming, told, mo):
    subscribe(
        person=mo, about=About.RELEASE, about_id=coming.release.pk, is_muted=False, now=MONDAY
    )
    leave(release=coming.release, items=[coming.ready, coming.waits], **coming.by)
    assert told()["Mo"] == ["released"]


def test_who_merely_follows_is_told_of_no_wish(coming, told, mo):
    follow = {"person": mo, "is_muted": False, "now": MONDAY}
    subscribe(about=About.RELEASE, about_id=coming.release.pk, **follow)
    subscribe(about=About.ITEM, about_id=coming.waits.pk, **follow)
    later = FRIDAY + dt.timedelta(days=7)
    train.slip(release=coming.release, release_date=later, word="A crash.", **coming.by)
    train.stop(release=coming.release, word="A leak.", **coming.by)
    train.skip(release=coming.release, word="Holidays.", **coming.by)
    roadmap.edit_item(
        item=coming.waits,
        title="No crash",
        summary="",
        version="2",
        release_date=later,
        **coming.by,
    )
    told()
    said = [
        by_verb()[notice.entry.verb].sentence(notice.data)
        for notice in Notice.objects.filter(person=mo).order_by("entry")
    ]
    assert said == [
        "1.4.0 now leaves on Friday 13 March",
        "1.4.0 is held for now",
        "1.4.0 is skipped",
        "Planned for 2, on Friday 13 March: you follow it",
    ]
