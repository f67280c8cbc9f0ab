"""Asking for a run."""

import datetime as dt

from django.db import IntegrityError, transaction

from feedback.accounts.models import User
from feedback.forum.models import Product
from feedback.grouping.models import Run
from feedback.kernel import doorbell


def request_run(*, product: Product, now: dt.datetime, requested_by: User | None = None) -> Run:
    """Have the posts of ``product`` regrouped soon; one waiting run is enough for any number of requests."""
    waiting = Run.objects.filter(product=product, state=Run.State.WAITING)
    try:
        with transaction.atomic():
            run, _ = waiting.get_or_create(
                product=product,
                state=Run.State.WAITING,
                defaults={"requested_at": now, "requested_by": requested_by},
            )
    except IntegrityError:
        run = waiting.get()
    doorbell.ring("grouping.regroup")
    return run


def request_runs(*, now: dt.datetime, requested_by: User | None = None) -> None:
    """Have the posts of every product that has been grouped before regrouped soon."""
    for product in Product.objects.filter(runs__state=Run.State.DONE).distinct():
        request_run(product=product, now=now, requested_by=requested_by)
