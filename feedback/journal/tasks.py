"""Jobs of the journal."""

from django_tasks import task

from feedback.journal import operations
from feedback.kernel import clock, doorbell


@task(queue_name=doorbell.QUICK)
def deliver_entries() -> None:
    """Deliver the waiting dispatches, and come back at once while there are more."""
    limit = 200
    if operations.deliver_due(now=clock.now(), limit=limit) == limit:
        doorbell.ring(deliver_entries)
