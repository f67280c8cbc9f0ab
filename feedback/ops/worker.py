"""The worker: a lane a queue, a clock that rings the periodic jobs, and the tidying of the queue itself.

A job makes the world look right and holds its own rows by leases, so running one twice is harmless and
losing one loses nothing: the clock rings again.
"""

import datetime as dt
import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import Error as DatabaseError
from django.db import close_old_connections, connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker as QueueWorker
from django_tasks_db.models import DBTaskResult

from feedback.kernel import clock, doorbell, request_id
from feedback.ops import memory

logger = logging.getLogger(__name__)

#: Seconds between two looks into an empty queue.
PAUSES = {
    doorbell.QUICK: 0.5,
    doorbell.VECTORS: 0.5,
    doorbell.SLOW: 2.0,
    doorbell.FILES: 1.0,
    doorbell.MAIL: 1.0,
    doorbell.MAILBOX: 2.0,
    doorbell.WEBHOOKS: 1.0,
    doorbell.PUSH: 1.0,
}
#: How long a job may run before its worker is taken for dead.
LEASES = {
    doorbell.QUICK: dt.timedelta(minutes=2),
    doorbell.VECTORS: dt.timedelta(minutes=10),
    doorbell.SLOW: dt.timedelta(minutes=15),
    doorbell.FILES: dt.timedelta(hours=12),
    doorbell.MAIL: dt.timedelta(hours=1),
    doorbell.MAILBOX: dt.timedelta(minutes=15),
    doorbell.WEBHOOKS: dt.timedelta(minutes=5),
    doorbell.PUSH: dt.timedelta(minutes=5),
}
KEEP_DONE = dt.timedelta(hours=1)
KEEP_FAILED = dt.timedelta(days=1)
TIDY_EVERY = 30.0
PAUSE_AFTER_ERROR = 3.0
PATIENCE = 10.0

READY, RUNNING, FAILED, SUCCESSFUL = "READY", "RUNNING", "FAILED", "SUCCESSFUL"


class Lane(QueueWorker):
    """Runs the jobs of one queue, one after another."""

    def __init__(self, queue: str, *, stop: threading.Event, worker_id: str) -> None:
        super().__init__(
            queue_names=[queue],
            interval=PAUSES[queue],
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_id,
            excluded_queue_names=[],
        )
        self.queue = queue
        self.stop = stop
        self.present_job: DBTaskResult[Any, Any] | None = None

    def run(self) -> None:
        """Work until ``stop`` is set. A database that is away is waited for."""
        while not self.stop.is_set():
            try:
                pause = 0.0 if self.take_one() else self.interval
            except DatabaseError as error:
                logger.warning("The %s lane waits for the database: %s", self.queue, error)
                pause = PAUSE_AFTER_ERROR
            self.stop.wait(pause)
        connections.close_all()

    def take_one(self) -> bool:
        """Run the next job; return whether there was one.

        Looking takes no lock; the claim is one conditional update, so of several workers one gets the job.
        """
        close_old_connections()
        waiting = DBTaskResult.objects.ready().filter(
            backend_name=self.backend_name, queue_name=self.queue
        )
        job = waiting.first()
        if job is None:
            return False
        claimed = DBTaskResult.objects.filter(pk=job.pk, status=READY).update(
            status=RUNNING, started_at=clock.now(), worker_ids=[*job.worker_ids, self.worker_id]
        )
        if claimed:
            job.refresh_from_db()
            self.present_job = job
            try:
                with request_id.known_as(doorbell.name_of(job.pk)):
                    self.run_task(job)
            finally:
                self.present_job = None
            if self.queue not in (doorbell.QUICK, doorbell.VECTORS):
                memory.give_back()
        return True


def tidy_queue(*, now: dt.datetime) -> int:
    """Fail the jobs whose worker must be dead and remove old finished rows; return how many were failed.

    Without this a job whose worker was killed would be RUNNING for ever.
    """
    reaped = 0
    for queue, lease in LEASES.items():
        reaped += DBTaskResult.objects.filter(
            status=RUNNING, queue_name=queue, started_at__lt=now - lease
        ).update(
            status=FAILED,
            finished_at=now,
            exception_class_path="builtins.TimeoutError",
            traceback=f"The worker did not come back within {lease}. The job is rung again.",
        )
    DBTaskResult.objects.filter(status=SUCCESSFUL, finished_at__lt=now - KEEP_DONE).delete()
    DBTaskResult.objects.filter(status=FAILED, finished_at__lt=now - KEEP_FAILED).delete()
    return reaped


class Ticker:
    """Rings each periodic job at its interval and tidies the queue now and then."""

    def __init__(self) -> None:
        self._due: dict[str, float] = {}

    def tick(self, at: float) -> float:
        """Ring what is due at ``at`` (seconds of a monotonic clock); return seconds until the next is."""
        for task, seconds in doorbell.periodic():
            if self._due.get(task.module_path, at) <= at:
                doorbell.ring(task)
                self._due[task.module_path] = at + seconds
        if self._due.get("tidy", at) <= at:
            reaped = tidy_queue(now=clock.now())
            if reaped:
                logger.warning("%d jobs of a worker that is gone will be run again.", reaped)
            self._due["tidy"] = at + TIDY_EVERY
        return max(0.05, min(self._due.values()) - at)


def work(stop: threading.Event, *, patience: float = PATIENCE) -> bool:
    """Run the lanes and the clock until ``stop`` is set; return whether every job could be finished.

    A job that does not end within ``patience`` seconds goes back to the queue, and the caller must leave the
    process at once.
    """
    worker_id = f"{os.getpid()}-{get_random_string(8)}"
    lanes = [Lane(queue, stop=stop, worker_id=worker_id) for queue in PAUSES]
    threads = [
        threading.Thread(target=lane.run, name=f"lane-{lane.queue}", daemon=True) for lane in lanes
    ]
    for thread in threads:
        thread.start()
    ticker = Ticker()
    while not stop.is_set():
        pause = _quietly(lambda: ticker.tick(time.monotonic()))
        stop.wait(PAUSE_AFTER_ERROR if pause is None else pause)
    deadline = time.monotonic() + patience
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    unfinished = [job for lane in lanes if (job := lane.present_job) is not None]
    for job in unfinished:
        logger.warning("%s did not end in time and goes back to the queue.", job.task_path)
        _quietly(
            lambda pk=job.pk: (  # type: ignore[misc]
                DBTaskResult.objects.filter(pk=pk, status=RUNNING).update(status=READY)
            )
        )
    connections.close_all()
    return not unfinished


def _quietly(act: Callable[[], float]) -> float | None:
    """Do it and return its result, or None (and a line in the log) when the database is away."""
    close_old_connections()
    try:
        return act()
    except DatabaseError as error:
        logger.warning("The clock waits for the database: %s", error)
        return None
