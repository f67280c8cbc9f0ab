"""Jobs of the accounts room."""

import string

from django_tasks import task

from feedback.accounts import operations
from feedback.accounts.claiming import codes
from feedback.accounts.claiming.operations import carry_over_late
from feedback.accounts.faces.operations import sweep
from feedback.accounts.handover import operations as handover
from feedback.accounts.own_data.erasing import erase_due
from feedback.kernel import clock, doorbell


@task(queue_name=doorbell.QUICK)
def tidy() -> None:
    """Remove ended sessions, counts that are over, codes and tokens that work no more, and faces of one folder that nobody has."""
    now = clock.now()
    operations.tidy(now=now)
    codes.forget_old(now=now)
    handover.forget_ended(now=now)
    shards = string.digits + string.ascii_lowercase
    sweep(shards[int(now.timestamp()) // 3600 % len(shards)], now=now)


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
