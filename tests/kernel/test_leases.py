"""Claiming work: one worker at a time, and what a killed one held is free again. Dispatches stand for any work."""

import datetime as dt
import threading
import time

import pytest
from django.db import DatabaseError, connection, transaction

from feedback.journal import operations as journal
from feedback.journal.models import Dispatch
from feedback.journal.verbs import Verb
from feedback.kernel import clock
from feedback.kernel.leases import TakenOver, claim, free, kept_alive, pause

LASTS = dt.timedelta(minutes=2)


@pytest.fixture
def work(ann, now):
    """A piece of work that nobody is at."""
    with transaction.atomic():
        entry = journal.write(verb=Verb.BOARD_MADE, subject=ann, actor_id=None, now=now)
        return Dispatch.objects.create(entry=entry, consumer="test.listener", due_at=now)


def claimable():
    return Dispatch.objects.filter(free(clock.now()), state=Dispatch.State.WAITING)


def take(row, **values):
    return claim(claimable(), Dispatch.objects.get(pk=row.pk), lasts=LASTS, **values)


def test_of_two_workers_one_gets_the_row(work):
    first = claim(claimable(), work, lasts=LASTS, last_error="at it")
    assert (first.row, first.attempt, work.attempts) == (work, 1, 1)
    assert work.last_error == Dispatch.objects.get().last_error == "at it"
    assert take(work) is None


def test_a_row_that_another_has_claimed_since_it_was_read_is_not_claimed(work):
    read = Dispatch.objects.get()
    take(work).end()
    assert claim(claimable(), read, lasts=LASTS) is None


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_gets_the_row(work):
    barrier, leases = threading.Barrier(6), []

    def race():
        row = Dispatch.objects.get()
        barrier.wait()
        leases.append(claim(claimable(), row, lasts=LASTS))
        connection.close()

    threads = [threading.Thread(target=race) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(lease is not None for lease in leases) == [False] * 5 + [True]


def test_what_a_killed_worker_held_is_free_when_its_lease_ends(work, frozen):
    take(work)
    frozen.shift(LASTS)
    assert take(work) is None
    frozen.shift(1)
    assert take(work).attempt == 2


def test_a_worker_that_was_away_too_long_learns_that_the_row_is_no_longer_its_own(work, frozen):
    late = take(work)
    frozen.shift(LASTS + dt.timedelta(seconds=1))
    second = take(work)
    with pytest.raises(TakenOver):
        late.renew()
    assert not late.end(state=Dispatch.State.DONE)
    second.renew(last_error="nearly done")
    assert second.end(state=Dispatch.State.DONE)
    assert not second.end(state=Dispatch.State.WAITING), "it is let go once"
    row = Dispatch.objects.get()
    assert (row.state, row.leased_until, row.last_error) == ("DONE", None, "nearly done")


def test_renewing_holds_the_row_from_now_on(work, frozen):
    lease = take(work)
    for _ in range(3):
        frozen.shift(LASTS)
        lease.renew()
    assert take(work) is None


def test_a_failure_that_is_let_go_can_be_tried_again_at_once(work):
    assert take(work).end(last_error="It broke.")
    assert take(work).attempt == 2


def test_pauses_grow_up_to_the_longest():
    first, longest = dt.timedelta(seconds=10), dt.timedelta(hours=1)
    pauses = [pause(n, first=first, longest=longest).total_seconds() for n in (1, 2, 3, 9, 10, 999)]
    assert pauses == [10, 20, 40, 2560, 3600, 3600]


@pytest.mark.django_db(transaction=True)
def test_a_long_computation_keeps_its_lease(work):
    lease = claim(claimable(), work, lasts=dt.timedelta(seconds=0.2))
    Dispatch.objects.update(leased_until=clock.now() - LASTS)
    with lease.kept_alive():
        time.sleep(0.3)
    assert Dispatch.objects.get().leased_until > clock.now()


def test_a_renewal_that_fails_is_tried_again():
    calls = []

    def renew():
        calls.append(1)
        if len(calls) == 1:
            raise DatabaseError("database is locked")

    with kept_alive(renew, seconds=0.2):
        time.sleep(0.3)
    assert len(calls) > 1
