"""Asking for a run."""

import datetime as dt

from django.db import IntegrityError, transaction

from feedback.accounts.models import User
from feedback.grouping.models import Run
from feedback.kernel import doorbell


def request_run(*, now: dt.datetime, requested_by: User | None = None) -> Run:
    """Have everything regrouped soon; one waiting run is enough for any number of requests."""
    try:
        with transaction.atomic():
            run, _ = Run.objects.get_or_create(
                state=Run.State.WAITING,
                defaults={"requested_at": now, "requested_by": requested_by},
            )
    except IntegrityError:
        run = Run.objects.get(state=Run.State.WAITING)
    doorbell.ring("grouping.regroup")
    return run
