"""Waking the worker: a hint that may be lost, and rings once however often it is rung."""

from contextlib import suppress

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from feedback.forum.tasks import index_posts
from feedback.grouping.tasks import embed_posts
from feedback.journal.tasks import deliver_entries
from feedback.kernel import doorbell
from feedback.ops.worker import PAUSES


def waiting():
    return DBTaskResult.objects.ready().filter(task_path=deliver_entries.module_path).count()


@pytest.mark.django_db(transaction=True)
def test_a_ring_is_heard_after_the_commit():
    with transaction.atomic():
        doorbell.ring(deliver_entries)
        assert waiting() == 0
    assert waiting() == 1


@pytest.mark.django_db(transaction=True)
def test_a_ring_in_a_transaction_that_fails_is_not_heard():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        doorbell.ring(deliver_entries)
        1 / 0  # noqa: B018
    assert waiting() == 0


@pytest.mark.django_db(transaction=True)
def test_one_waiting_ring_is_enough():
    for _ in range(50):
        doorbell.ring(deliver_entries)
    assert waiting() == 1


@pytest.mark.django_db(transaction=True)
def test_a_bell_that_is_broken_breaks_nothing_else(monkeypatch):
    monkeypatch.setattr(doorbell, "_enqueue_once", lambda task: 1 / 0)
    with transaction.atomic():
        doorbell.ring(deliver_entries)


def test_every_job_has_a_queue_that_the_worker_serves():
    tasks = [task for task, _ in doorbell.periodic()]
    assert deliver_entries in tasks
    assert {task.queue_name for task in tasks} <= set(PAUSES)
    assert all(seconds > 0 for _, seconds in doorbell.periodic())


@pytest.mark.django_db
def test_a_transaction_rings_once(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as hooks, transaction.atomic():
        for _ in range(3):
            with transaction.atomic():
                doorbell.ring(deliver_entries)
        doorbell.ring(index_posts)
        with suppress(ZeroDivisionError), transaction.atomic():
            doorbell.ring(embed_posts)
            raise ZeroDivisionError
    assert len(hooks) == 2


@pytest.mark.django_db
def test_what_a_savepoint_took_back_is_rung_again(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as hooks, transaction.atomic():
        with suppress(ZeroDivisionError), transaction.atomic():
            doorbell.ring(deliver_entries)
            raise ZeroDivisionError
        doorbell.ring(deliver_entries)
    assert len(hooks) == 1
