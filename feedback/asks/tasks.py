"""Jobs of the room of asks."""

from django_tasks import task

from feedback.asks.areas.counts import recount_changed_areas
from feedback.kernel import doorbell


@task(queue_name=doorbell.SLOW)
def recount_areas() -> None:
    """Count the areas whose asks have changed."""
    recount_changed_areas()
