"""Writing entries and delivering them."""

import datetime as dt
import logging
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q

from feedback.journal import consumers
from feedback.journal.models import Dispatch, Entry
from feedback.journal.verbs import Verb
from feedback.kernel import clock, doorbell

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=2)
ATTEMPTS_BEFORE_PARKING = 8


def write(
    *,
    verb: str,
    subject: models.Model,
    actor_id: int | None,
    now: dt.datetime,
    data: dict[str, Any] | None = None,
) -> Entry:
    """Append one entry, and a dispatch for each of its consumers.

    Belongs inside the transaction of the change it records: both happen or neither does. ``actor_id`` is None
    for the machine; ``data`` holds only what JSON can. Raises `ValueError` for a verb that is not in `Verb`.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("journal.write belongs inside the transaction of the change it records.")
    entry = Entry.objects.create(
        at=now,
        actor_id=actor_id,
        verb=Verb(verb).value,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        data=data or {},
    )
    names = consumers.of_verb(verb)
    if names:
        Dispatch.objects.bulk_create(
            [Dispatch(entry=entry, consumer=name, due_at=now) for name in names]
        )
        doorbell.ring("journal.deliver_entries")
    return entry


def deliver_due(*, now: dt.datetime, limit: int = 200) -> int:
    """Deliver up to ``limit`` waiting dispatches; return how many were delivered.

    Lock contract: each row is claimed by a conditional update with a lease of two minutes, so any number of
    workers may call this at once and a killed worker's row is free again when its lease ends. The handler's
    writes and the row's closing are one transaction.
    """
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    waiting = Dispatch.objects.filter(free, state=Dispatch.State.WAITING, due_at__lte=now)
    delivered = 0
    for pk in list(waiting.order_by("due_at", "id").values_list("pk", flat=True)[:limit]):
        claimed = Dispatch.objects.filter(free, pk=pk, state=Dispatch.State.WAITING).update(
            leased_until=clock.now() + LEASE, attempts=F("attempts") + 1
        )
        if claimed and _deliver(Dispatch.objects.select_related("entry").get(pk=pk), now=now):
            delivered += 1
    return delivered


def _deliver(dispatch: Dispatch, *, now: dt.datetime) -> bool:
    handler = consumers.handler_of(dispatch.consumer)
    try:
        if handler is None:
            raise LookupError(f"No consumer is called {dispatch.consumer!r} any more.")
        with transaction.atomic():
            still_ours = Dispatch.objects.filter(
                pk=dispatch.pk, state=Dispatch.State.WAITING, attempts=dispatch.attempts
            ).update(state=Dispatch.State.DONE, done_at=now, leased_until=None, last_error="")
            if still_ours:
                handler(dispatch.entry)
        return bool(still_ours)
    except Exception as error:
        logger.exception("%s failed on entry %s", dispatch.consumer, dispatch.entry_id)
        parked = dispatch.attempts >= ATTEMPTS_BEFORE_PARKING
        Dispatch.objects.filter(pk=dispatch.pk, state=Dispatch.State.WAITING).update(
            state=Dispatch.State.PARKED if parked else Dispatch.State.WAITING,
            due_at=now + dt.timedelta(seconds=min(3600, 2**dispatch.attempts * 5)),
            leased_until=None,
            last_error=f"{type(error).__name__}: {error}"[:2000],
        )
        return False
