"""Waking the worker.

Every job makes the world look right from whatever state it finds; a ring is only a hint to look now. Losing
one loses nothing, because the worker also looks on its own every few seconds (`every`). One waiting ring per
task is enough, so an import of a million rows rings once.
"""

import logging
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

trace = logging.getLogger("heed.trace")

#: Queues, each served by a thread of its own in the worker: short jobs never wait behind a regrouping, and neither
#: behind a large file or another machine that is slow to answer. The encoder is such a machine.
QUICK = "quick"
VECTORS = "vectors"
SLOW = "slow"
FILES = "files"
MAIL = "mail"
MAILBOX = "mailbox"
WEBHOOKS = "webhooks"
PUSH = "push"

Job = Task[..., Any]

_periodic: dict[str, tuple[Job, float]] = {}


def every(seconds: float, task: Job) -> None:
    """Have each worker ring ``task`` every ``seconds``. Called once per task, in `AppConfig.ready`."""
    _periodic[task.module_path] = (task, seconds)


def periodic() -> Iterator[tuple[Job, float]]:
    """Yield each periodic task with its interval in seconds."""
    yield from _periodic.values()


def ring(task: Job | str) -> None:
    """Ask the worker to run ``task`` soon, after the present transaction commits.

    "room.name" names the task ``name`` in ``feedback/room/tasks.py``: so an operation that rings need not import
    the tasks that call it.
    """
    rung = _named(task) if isinstance(task, str) else task
    if not _is_rung(rung):
        transaction.on_commit(_Ring(rung), robust=True)


class _Ring:
    """Enqueues a task when the transaction commits."""

    def __init__(self, task: Job) -> None:
        self.task = task
        self.__qualname__ = f"ring({task.module_path})"  # what Django calls it in the log

    def __call__(self) -> None:
        _enqueue_once(self.task)


def _is_rung(task: Job) -> bool:
    """Whether the present transaction rings ``task`` already. A savepoint that is rolled back takes its rings along."""
    hooks = transaction.get_connection().run_on_commit
    return any(
        isinstance(hook, _Ring) and hook.task is task for _savepoints, hook, _robust in hooks
    )


def _named(name: str) -> Job:
    room, task = name.split(".")
    found: Job = import_string(f"feedback.{room}.tasks.{task}")
    return found


def _enqueue_once(task: Job) -> None:
    waiting = DBTaskResult.objects.ready().filter(task_path=task.module_path).order_by()
    known = waiting.values_list("pk", flat=True)[:1]
    job = known[0] if known else task.enqueue().id
    trace.info("rung", extra={"task": task.module_path, "job": name_of(job)})


def name_of(job: object) -> str:
    """Return what the job of this number is called in the log, as requests have ids."""
    return f"job-{job}"
