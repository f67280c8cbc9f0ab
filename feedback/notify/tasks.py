"""Jobs of the room that tells people."""

from django_tasks import task

from feedback.kernel import clock, doorbell
from feedback.notify.channels.email import sending
from feedback.notify.channels.push import sending as pushing
from feedback.notify.mailbox import polling


@task(queue_name=doorbell.MAIL)
def send_mail() -> None:
    """Send what is due by mail; rings again where more is due than one round sends."""
    if not sending.send_due(now=clock.now()).is_over:
        doorbell.ring("notify.send_mail")


@task(queue_name=doorbell.MAIL)
def tidy_mail() -> None:
    """Forget where mails went that ended long ago."""
    sending.tidy(now=clock.now())


@task(queue_name=doorbell.PUSH)
def send_pushes() -> None:
    """Send what is due to devices; rings again where more is due than one round sends."""
    if not pushing.send_due(now=clock.now()).is_over:
        doorbell.ring("notify.send_pushes")


@task(queue_name=doorbell.PUSH)
def tidy_devices() -> None:
    """Forget devices that were closed long ago."""
    pushing.tidy(now=clock.now())


@task(queue_name=doorbell.MAILBOX)
def look_for_mail() -> None:
    """Read what has arrived in the mailbox; rings again where there is more than one look reads."""
    if not polling.look(now=clock.now()).is_over:
        doorbell.ring("notify.look_for_mail")


@task(queue_name=doorbell.MAILBOX)
def tidy_mailbox() -> None:
    """Forget mails that no server will hand over again."""
    polling.tidy(now=clock.now())
