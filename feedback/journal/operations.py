"""Writing entries and delivering them."""

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from inspect import isgeneratorfunction
from typing import Any

from django.db import models, transaction

from feedback.journal import consumers
from feedback.journal.models import Dispatch, Entry
from feedback.journal.verbs import Verb
from feedback.kernel import doorbell
from feedback.kernel.batches import batches
from feedback.kernel.leases import Lease, TakenOver, claim, free, pause
from feedback.kernel.turns import turn

logger = logging.getLogger(__name__)
trace = logging.getLogger("heed.trace")

LEASE = dt.timedelta(minutes=2)
ATTEMPTS_BEFORE_PARKING = 8
FIRST_PAUSE = dt.timedelta(seconds=10)
LONGEST_PAUSE = dt.timedelta(hours=1)
_OVER = object()


#: Whether what is written now happened elsewhere, long ago.
_is_old = ContextVar("journal_is_old", default=False)


@contextmanager
def old_news() -> Iterator[None]:
    """Say that everything written in the block is old news: an import brings what was decided elsewhere.

    It is recorded and counted as ever (``data["is_old"]``), and nobody is told of it.
    """
    token = _is_old.set(True)
    try:
        yield
    finally:
        _is_old.reset(token)


def write(
    *,
    verb: Verb,
    subject: models.Model,
    actor_id: int | None,
    now: dt.datetime,
    data: dict[str, Any] | None = None,
) -> Entry:
    """Append one entry, and a dispatch for each of its consumers.

    Belongs inside the transaction of the change it records: both happen or neither does. ``actor_id`` is None
    for the machine; ``data`` holds only what JSON can. Within `old_news` nobody is told. Raises `ValueError` for a verb that is not in `Verb`.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("journal.write belongs inside the transaction of the change it records.")
    entry = Entry.objects.create(
        at=now,
        actor_id=actor_id,
        verb=Verb(verb).value,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        data=(data or {}) | ({"is_old": True} if _is_old.get() else {}),
    )
    trace.info("written", extra={"entry": entry.pk, "verb": entry.verb})
    names = consumers.of_verb(verb, is_news=not _is_old.get())
    if names:
        Dispatch.objects.bulk_create(
            [Dispatch(entry=entry, consumer=name, due_at=now) for name in names]
        )
        doorbell.ring("journal.deliver_entries")
    return entry


def forget(subjects: models.QuerySet[Any], *, now: dt.datetime) -> int:
    """Close what is still to be told of ``subjects``, which are about to be erased; return how much that was.

    Their entries stay: the journal outlives what it speaks of.
    """
    label, closed = subjects.model._meta.label_lower, 0
    for pks in batches(subjects.values_list("pk", flat=True)):
        waiting = Dispatch.objects.filter(
            entry__subject_type=label, entry__subject_id__in=pks, state=Dispatch.State.WAITING
        )
        closed += waiting.update(state=Dispatch.State.DONE, done_at=now)
    return closed


#: Where an entry keeps somebody's words.
_WORDS = {"title", "before", "post_title"}


def forget_words(entries: models.QuerySet[Entry]) -> None:
    """Take out of ``entries`` what somebody wrote: they are erased. What happened, when and by whom stays.

    The one change that the record knows: the law gives people their words back, and keeps the deed.
    """
    held = models.QuerySet[Entry](Entry).filter(pk__in=entries.values("pk")).only("pk", "data")
    for entry in held.iterator(chunk_size=500):
        kept = {
            name: type(value)() if name in _WORDS else value for name, value in entry.data.items()
        }
        if kept != entry.data:
            models.QuerySet[Entry](Entry).filter(pk=entry.pk).update(data=kept)


def deliver_due(*, now: dt.datetime, limit: int = 200) -> int:
    """Deliver up to ``limit`` waiting dispatches; return how many were delivered.

    1. Claim each that is due for two minutes, so that any number of workers may call this at once.
    2. Close it and call its consumer's handler, in one transaction: both happen or neither does. Of a handler that works in
       stretches each is a transaction, under the lease renewed, and the dispatch is closed with the last.
    3. What fails waits for 10 seconds, then for twice as long each time; after eight attempts it is parked for a
       person. So is what stopped its worker in the middle as often.
    """
    due = Dispatch.objects.filter(free(now), state=Dispatch.State.WAITING, due_at__lte=now)
    read = list(due.select_related("entry").order_by("due_at", "id")[:limit])
    leases = (claim(due, dispatch, lasts=LEASE) for dispatch in read)
    return sum(_deliver(lease, now=now) for lease in leases if lease is not None)


def _deliver(lease: Lease[Dispatch], *, now: dt.datetime) -> bool:
    dispatch = lease.row
    try:
        if lease.attempt > ATTEMPTS_BEFORE_PARKING:
            raise RuntimeError(f"Stopped in the middle {ATTEMPTS_BEFORE_PARKING} times.")
        told = {"entry": dispatch.entry_id, "consumer": dispatch.consumer}
        trace.info("told", extra=told)
        handler = consumers.handler_of(dispatch.consumer)
        if handler is None:
            raise LookupError(f"No consumer is called {dispatch.consumer!r} any more.")
        if isgeneratorfunction(handler):
            return _deliver_in_stretches(lease, handler(dispatch.entry), now=now)
        with transaction.atomic():
            still_ours = lease.end(state=Dispatch.State.DONE, done_at=now, last_error="")
            if still_ours:
                with _as_old_as(dispatch.entry):
                    handler(dispatch.entry)
        return still_ours
    except TakenOver:
        return False
    except Exception as error:
        logger.exception("%s failed on entry %s", dispatch.consumer, dispatch.entry_id)
        parked = lease.attempt >= ATTEMPTS_BEFORE_PARKING
        lease.end(
            state=Dispatch.State.PARKED if parked else Dispatch.State.WAITING,
            due_at=now + pause(lease.attempt, first=FIRST_PAUSE, longest=LONGEST_PAUSE),
            last_error=f"{type(error).__name__}: {error}"[:2000],
        )
        return False


def _deliver_in_stretches(
    lease: Lease[Dispatch], stretches: Iterator[None], *, now: dt.datetime
) -> bool:
    """Carry out one stretch a transaction. Raises `TakenOver` before one that is another worker's by now."""
    while True:
        with turn():
            lease.renew()
            with _as_old_as(lease.row.entry):
                is_over = next(stretches, _OVER) is _OVER
            if is_over:
                return lease.end(state=Dispatch.State.DONE, done_at=now, last_error="")


def _as_old_as(entry: Entry) -> AbstractContextManager[None]:
    """What follows from old news is old news too."""
    return old_news() if entry.data.get("is_old") else nullcontext()
