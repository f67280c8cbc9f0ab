"""No deed to many holds the database's writer for long: at most a thousand rows a transaction."""

import pytest

from feedback.accounts.models import User
from feedback.forum.models import Board, Vote
from feedback.journal.models import Dispatch
from feedback.journal.operations import deliver_due
from feedback.kernel import clock, doorbell
from feedback.notify.models import Notice
from feedback.notify.recipients import BATCH
from feedback.ops.reconciling import reconcile
from feedback.roadmap.operations import ship as ship_version
from tests.writes import MOST, counted_writes, many_posts

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = MOST + 200


@pytest.fixture
def crowd(dark_mode):
    """Many people who want one thing."""
    people = User.objects.bulk_create(
        User(email=f"p{n}@example.org", display_name=f"P {n}", public_id=f"crowd{n:06d}")
        for n in range(PEOPLE)
    )
    now = clock.now()
    Vote.objects.bulk_create(
        Vote(post=dark_mode.medoid, person=one, voted_at=now) for one in people
    )
    return people


def test_many_are_told_in_stretches_and_each_once(crowd, item, pia, ship, settings):
    settings.HAS_MAIL_SERVER = True
    ship(item)
    with counted_writes() as written:
        while deliver_due(now=clock.now()):
            pass
    assert written.most <= MOST
    assert len(written.transactions) > PEOPLE / BATCH
    assert_each_once("SHIPPED")
    assert not Dispatch.objects.exclude(state="DONE").exists()


def test_a_teller_that_dies_between_two_stretches_leaves_the_rest_to_the_next(
    crowd, item, monkeypatch, frozen
):
    from feedback.notify.channels.inbox import operations as inbox

    class Killed(BaseException):
        pass

    put, calls = inbox.put, []

    def dying(**what):
        calls.append(what)
        if len(calls) == 3:
            raise Killed
        put(**what)

    with monkeypatch.context() as first, pytest.raises(Killed):
        first.setattr(inbox, "put", dying)
        deliver_due(now=clock.now())
    some = Notice.objects.filter(key__startswith="item:").count()
    assert 0 < some < PEOPLE
    frozen.shift(3 * 60)
    while deliver_due(now=clock.now()):
        pass
    assert_each_once("PLANNED")


def assert_each_once(stage):
    told = Notice.objects.filter(key__startswith="item:", key__contains=f":{stage}:")
    assert told.count() == told.values("person").distinct().count() >= PEOPLE


def test_counting_again_writes_a_thousand_rows_at_most(board, ann):
    many_posts(board=board, authors=[ann], count=MOST + 500, vote_count=3)
    with counted_writes() as written:
        assert reconcile(fix=True)["votes"] == MOST + 500
    assert written.most <= MOST


def test_the_periodic_jobs_of_a_quiet_site_write_little(dark_mode):
    with counted_writes() as written:
        for task, _seconds in doorbell.periodic():
            task.call()
    assert written.most <= MOST


@pytest.fixture
def ship(pia):
    def carry_out(item):
        return ship_version(item=item, version="2.0", actor=pia, now=clock.now())

    return carry_out


def test_the_counter_counts_by_outermost_transaction(board):
    from django.db import transaction

    with counted_writes() as written:
        with transaction.atomic():
            Board.objects.update(position=1)
            with transaction.atomic():
                Board.objects.update(position=2)
        Board.objects.update(position=3)
    assert written.transactions == [2, 1]
