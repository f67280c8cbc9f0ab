"""Jobs of the forum."""

from django_tasks import task

from feedback.forum.search import index
from feedback.kernel import doorbell


@task(queue_name=doorbell.QUICK)
def index_posts() -> None:
    """Bring the search index up to date, and come back at once while there is more."""
    if index.index_pending(limit=500) == 500:
        doorbell.ring(index_posts)
