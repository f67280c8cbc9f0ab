"""Jobs of samples, in the lane of large files: they hold nobody up."""

from django_tasks import task

from feedback.kernel import clock, doorbell
from feedback.sample.removing import go_on


@task(queue_name=doorbell.FILES)
def take_samples_away() -> None:
    """Take the samples away that somebody asked to be rid of."""
    go_on(now=clock.now())
