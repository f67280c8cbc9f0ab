"""Jobs of the accounts room."""

from django_tasks import task

from feedback.accounts import operations
from feedback.kernel import clock, doorbell


@task(queue_name=doorbell.QUICK)
def tidy() -> None:
    """Remove ended sessions and counts that are over."""
    operations.tidy(now=clock.now())
