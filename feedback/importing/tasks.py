"""Jobs of imports, in a lane of their own: a large file holds nobody up."""

from django_tasks import task

from feedback.importing.imports.working import tidy, work_on_next
from feedback.kernel import clock, doorbell


@task(queue_name=doorbell.FILES)
def work_on_imports() -> None:
    """Look at, take, mend or undo the next import that waits."""
    if work_on_next(now=clock.now()):
        doorbell.ring(work_on_imports)


@task(queue_name=doorbell.FILES)
def tidy_imports() -> None:
    """Remove files that nobody needs any more."""
    tidy(now=clock.now())
