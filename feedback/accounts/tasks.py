"""Jobs of the accounts room."""

from django_tasks import task

from feedback.accounts import operations
from feedback.accounts.claiming import codes
from feedback.accounts.claiming.operations import carry_over_late
from feedback.accounts.own_data.erasing import erase_due
from feedback.kernel import clock, doorbell


@task(queue_name=doorbell.QUICK)
def tidy() -> None:
    """Remove ended sessions, counts that are over, and codes that work no more."""
    operations.tidy(now=clock.now())
    codes.forget_old(now=clock.now())


@task(queue_name=doorbell.QUICK)
def mail_claim_codes() -> None:
    """Mail the codes that people asked for."""
    codes.mail_codes(now=clock.now())


@task(queue_name=doorbell.QUICK)
def carry_over_claims() -> None:
    """Carry over what came to claimed authors late."""
    carry_over_late()


@task(queue_name=doorbell.QUICK)
def erase_people() -> None:
    """Erase what is left of those who asked to be."""
    erase_due(now=clock.now())
