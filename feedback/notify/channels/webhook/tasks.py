"""Jobs of the webhooks, in a lane of their own: another site that is slow holds up nothing else."""

from django_tasks import task

from feedback.kernel import clock, doorbell
from feedback.notify.channels.webhook import sending


@task(queue_name=doorbell.WEBHOOKS)
def send_webhooks() -> None:
    """Send what is due, and come back at once while there is more."""
    if sending.send_due():
        doorbell.ring(send_webhooks)


@task(queue_name=doorbell.WEBHOOKS)
def tidy_webhooks() -> None:
    """Forget what arrived or was given up long ago."""
    sending.tidy(now=clock.now())
