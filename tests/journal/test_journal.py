"""The record of what happened: append-only, and its outbox exact."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from feedback.journal import consumers, operations, queries
from feedback.journal.models import Dispatch, Entry
from feedback.kernel import clock
from feedback.kernel.leases import claim


@pytest.fixture
def heard(monkeypatch):
    """A consumer of "forum.voted", and what it has heard."""
    monkeypatch.setattr(consumers, "_handlers", {})
    monkeypatch.setattr(consumers, "_verbs", {})
    entries = []
    consumers.subscribe("test.listener", verbs=["forum.voted"], handler=entries.append)
    return entries


@pytest.fixture
def happen(ann, now):
    """Write an entry about Ann."""

    def write(verb="forum.voted", **data):
        with transaction.atomic():
            return operations.write(verb=verb, subject=ann, actor_id=None, now=now, data=data)

    return write


def deliver():
    return operations.deliver_due(now=clock.now())


# --- Append-only ----------------------------------------------------------------------------------------
def test_an_entry_cannot_be_changed_or_deleted(happen):
    entry = happen()
    entry.verb = "forum.unvoted"
    for attempt in (
        entry.save,
        entry.delete,
        Entry.objects.all().delete,
        lambda: Entry.objects.update(verb="x"),
        lambda: Entry.objects.filter(pk=entry.pk).delete(),
    ):
        with pytest.raises(TypeError, match="append-only"):
            attempt()
    assert Entry.objects.get().verb == "forum.voted"


@pytest.mark.django_db(transaction=True)
def test_an_entry_belongs_inside_a_transaction(ann, now):
    with pytest.raises(RuntimeError, match="inside the transaction"):
        operations.write(verb="forum.voted", subject=ann, actor_id=None, now=now)
    assert not Entry.objects.exists()


def test_an_entry_of_a_change_that_failed_is_not_there(ann, now, heard):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        operations.write(verb="forum.voted", subject=ann, actor_id=None, now=now)
        1 / 0  # noqa: B018
    assert not Entry.objects.exists()
    assert not Dispatch.objects.exists()


def test_history_is_of_one_subject_newest_first(happen, ann, bo, now):
    first, second = happen(), happen("forum.unvoted")
    with transaction.atomic():
        operations.write(verb="forum.voted", subject=bo, actor_id=None, now=now)
    assert list(queries.history_of(ann)) == [second, first]


# --- Delivering -------------------------------------------------------------------------------------------
def test_only_who_subscribed_hears_and_once(happen, heard):
    happen()
    happen("forum.commented")
    assert deliver() == 1
    assert deliver() == 0
    assert [entry.verb for entry in heard] == ["forum.voted"]


def test_an_entry_is_dispatched_once_to_each(happen, heard, now):
    entry = happen()
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispatch.objects.create(entry=entry, consumer="test.listener", due_at=now)


def test_a_failing_consumer_is_tried_again_later_and_loses_nothing(happen, monkeypatch, frozen):
    monkeypatch.setattr(consumers, "_handlers", {})
    monkeypatch.setattr(consumers, "_verbs", {})
    calls = []

    def stumble(entry):
        calls.append(entry)
        if len(calls) < 3:
            raise ConnectionError("The line is cut.")

    consumers.subscribe("test.stumbler", verbs=["forum.voted"], handler=stumble)
    happen()
    assert deliver() == 0
    dispatch = Dispatch.objects.get()
    assert dispatch.state == Dispatch.State.WAITING
    assert "The line is cut." in dispatch.last_error
    assert deliver() == 0, "not before its time"
    assert len(calls) == 1
    for _ in range(2):
        frozen.shift(dt.timedelta(minutes=5))
        deliver()
    assert len(calls) == 3
    assert Dispatch.objects.get().state == Dispatch.State.DONE


def test_what_fails_too_often_is_parked_for_a_person(happen, monkeypatch, frozen):
    monkeypatch.setattr(consumers, "_handlers", {})
    monkeypatch.setattr(consumers, "_verbs", {})
    consumers.subscribe("test.broken", verbs=["forum.voted"], handler=lambda entry: 1 / 0)
    happen()
    for _ in range(operations.ATTEMPTS_BEFORE_PARKING):
        deliver()
        frozen.shift(dt.timedelta(hours=2))
    assert Dispatch.objects.get().state == Dispatch.State.PARKED
    assert deliver() == 0


def test_a_consumer_that_is_gone_waits_for_its_return(happen, heard, frozen):
    happen()
    handler = consumers._handlers.pop("test.listener")
    deliver()
    assert "test.listener" in Dispatch.objects.get().last_error
    consumers._handlers["test.listener"] = handler
    frozen.shift(dt.timedelta(minutes=5))
    assert deliver() == 1
    assert len(heard) == 1


def test_a_killed_worker_keeps_the_row_only_until_its_lease_ends(happen, heard, frozen):
    happen()
    Dispatch.objects.update(leased_until=clock.now() + operations.LEASE, attempts=1)
    assert deliver() == 0
    frozen.shift(operations.LEASE + dt.timedelta(seconds=1))
    assert deliver() == 1
    assert len(heard) == 1


def test_a_worker_that_wakes_after_its_lease_was_taken_does_nothing(happen, heard, frozen):
    happen()
    late = claim(Dispatch.objects.all(), Dispatch.objects.get(), lasts=operations.LEASE)
    frozen.shift(operations.LEASE + dt.timedelta(seconds=1))
    deliver()
    assert operations._deliver(late, now=clock.now()) is False
    assert len(heard) == 1


def test_what_stops_its_worker_too_often_is_parked_and_not_tried_again(happen, heard):
    happen()
    Dispatch.objects.update(
        leased_until=clock.now() - dt.timedelta(seconds=1),
        attempts=operations.ATTEMPTS_BEFORE_PARKING,
    )
    assert deliver() == 0
    assert Dispatch.objects.get().state == Dispatch.State.PARKED
    assert "Stopped in the middle" in Dispatch.objects.get().last_error
    assert not heard


def test_entries_go_out_in_the_order_they_were_written(happen, heard):
    for number in range(5):
        happen(number=number)
    deliver()
    assert [entry.data["number"] for entry in heard] == [0, 1, 2, 3, 4]


# --- By hand ------------------------------------------------------------------------------------------------
def test_the_operator_reads_the_journal_and_releases_what_is_parked(happen, heard, client_of, ada):
    entry = happen()
    Dispatch.objects.update(state=Dispatch.State.PARKED, attempts=8)
    client = client_of(ada)
    assert client.get("/admin/journal/entry/").status_code == 200
    assert client.get("/admin/journal/entry/add/").status_code == 403
    assert client.post(f"/admin/journal/entry/{entry.pk}/delete/").status_code == 403
    client.post(
        "/admin/journal/dispatch/",
        {"action": "deliver_again", "_selected_action": [Dispatch.objects.get().pk]},
    )
    assert deliver() == 1
    assert len(heard) == 1


# --- Old news ---------------------------------------------------------------------------------------------
def test_old_news_is_recorded_and_heard_by_those_who_count_alone(heard, happen, monkeypatch):
    monkeypatch.setattr(consumers, "_of_news_alone", set())
    told = []
    consumers.subscribe("test.teller", verbs=["forum.voted"], handler=told.append, news_alone=True)
    with operations.old_news():
        entry = happen(post="a")
    assert entry.data == {"post": "a", "is_old": True}
    deliver()
    assert (len(heard), told) == (1, [])
    happen(post="b")
    deliver()
    assert (len(heard), len(told)) == (2, 1)


def test_what_follows_from_old_news_is_old_news(heard, happen, ann, now, monkeypatch):
    def follow(entry):
        operations.write(verb="forum.unvoted", subject=ann, actor_id=None, now=now)

    consumers.subscribe("test.listener", verbs=["forum.voted"], handler=follow)
    with operations.old_news():
        happen()
    deliver()
    assert Entry.objects.get(verb="forum.unvoted").data == {"is_old": True}
    happen()
    deliver()
    assert Entry.objects.filter(verb="forum.unvoted").last().data == {}
