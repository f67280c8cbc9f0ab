"""Jobs of the measuring room."""

from django_tasks import task

from feedback.forum.models import Product
from feedback.journal.models import Entry
from feedback.kernel import clock, doorbell
from feedback.measure.alerts import operations as alerts
from feedback.measure.calibration.operations import calibrate_when_judged
from feedback.measure.priority import crowds
from feedback.measure.quality.readings import take_reading


@task(queue_name=doorbell.SLOW)
def measure() -> None:
    """Read once a day how good the grouping is, find the threshold anew, and warn of what grows."""
    for product in Product.objects.all():
        take_reading(product=product, now=clock.now())
        calibrate_when_judged(product=product, now=clock.now())
    alerts.raise_alerts_now_and_then(now=clock.now())


@task(queue_name=doorbell.SLOW)
def count_crowds() -> None:
    """Count how many of those who voted came as a crowd."""
    crowds.count_crowds()


def measure_after_run(entry: Entry) -> None:
    """Ring after a run."""
    doorbell.ring(measure)
