"""Jobs of whoever runs the site."""

from django_tasks import task

from feedback.kernel import clock, doorbell
from feedback.ops.reconciling import reconcile_tonight


@task(queue_name=doorbell.SLOW)
def reconcile_counters() -> None:
    """Count again once a night what is counted."""
    reconcile_tonight(now=clock.now())
