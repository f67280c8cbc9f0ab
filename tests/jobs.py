"""The worker's jobs, done in this process."""

from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from feedback.kernel import doorbell


def run_jobs() -> int:
    """Do what the worker does until nothing is left: every periodic job once, then every waiting ring.

    Runs in this process, what was rung with the queue's own worker code; a job that fails fails the test. Periodic jobs do not
    wait in the queue, which takes each as long as most of them. Returns the number of jobs run.
    """
    periodic = [task for task, _ in doorbell.periodic()]
    for task in periodic:
        task.call()
    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    )
    before = DBTaskResult.objects.count()
    while (result := DBTaskResult.objects.ready().first()) is not None:
        result.claim(worker.worker_id)
        worker.run_task(result)
        result.refresh_from_db()
        if result.exception_class_path:
            raise AssertionError(f"{result.task_path} failed:\n{result.traceback}")
        if worker._run_tasks > before + 10_000:
            raise AssertionError(f"The jobs never come to rest; the last was {result.task_path}.")
    return len(periodic) + worker._run_tasks
