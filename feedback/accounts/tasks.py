"""Jobs of the accounts room."""

from django_tasks import task

from feedback.kernel import clock, doorbell


@task(queue_name=doorbell.QUICK)
def tidy() -> None:
    """Remove ended sessions and counts that are over."""
    from feedback.accounts import operations

    operations.tidy(now=clock.now())
