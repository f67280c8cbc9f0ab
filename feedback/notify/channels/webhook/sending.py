"""Sending what is due, one message at a time to each endpoint.

An endpoint is taken for a while by one worker, so that its messages go in order, no faster than it allows, and one that
does not answer is asked once in a while and not by everything that waits for it. A delivery is held by a lease: a
worker that is killed between sending and noting it has it sent again, under the same id.
"""

import datetime as dt
import logging
import random
import time
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import translation

from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import clock, outbound
from feedback.kernel.leases import Lease, claim, free, pause
from feedback.notify import happenings
from feedback.notify.channels.webhook import kinds, trials
from feedback.notify.models import Endpoint, WebhookDelivery

logger = logging.getLogger(__name__)

State, Why = WebhookDelivery.State, WebhookDelivery.Why

#: The waits before the tries after the first; three days in all, and a little. After the last a delivery is given up.
WAITS = [
    dt.timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 64_800, 86_400)
]
#: A wait is longer by this share at most, by chance: what failed together is not tried together.
JITTER = 0.1
#: An endpoint to which nothing has arrived for as long is switched off.
PATIENCE = dt.timedelta(days=3)
#: How long an endpoint rests after a failure: the first, and at most.
FIRST_REST, LONGEST_REST = dt.timedelta(seconds=10), dt.timedelta(minutes=10)
#: How long a worker has an endpoint to itself: longer than `TURN` seconds and one exchange.
LEASE = dt.timedelta(minutes=1)
#: Seconds after which a turn ends, and messages in one; seconds after which no other turn begins in the same job.
TURN, AT_A_TIME = 20.0, 50
ROUND = 60.0
#: How long it is kept what was sent.
KEEP = dt.timedelta(days=30)


@dataclass(frozen=True)
class Outcome:
    """What came of a try. ``why`` is empty where it arrived; ``rest`` is how long to leave the endpoint alone."""

    why: str = ""
    status: int | None = None
    answer: str = ""
    rest: dt.timedelta | None = None


def send_due() -> int:
    """Send what is due to the endpoints that are free; return how many messages arrived.

    Whoever has waited longest comes first, and a round ends after a while: the worker looks again within seconds.
    """
    waiting = _due(clock.now()).values("endpoint")
    ready = Endpoint.objects.filter(off="", free_at__lte=clock.now(), pk__in=waiting)
    arrived, started = 0, time.monotonic()
    for endpoint in ready.order_by("free_at", "pk"):
        if time.monotonic() - started < ROUND:
            arrived += _turn(endpoint)
    return arrived


def _due(now: dt.datetime) -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.filter(free(now), state=State.WAITING, due_at__lte=now)


def _turn(endpoint: Endpoint) -> int:
    """Send what is due to ``endpoint`` until a failure, a trial first, then what is oldest; return how many arrived."""
    mine = Endpoint.objects.filter(pk=endpoint.pk, off="", free_at=endpoint.free_at)
    until = clock.now() + LEASE
    if not mine.update(free_at=until):
        return 0  # another worker has it
    kind, arrived = kinds.of(endpoint.kind), 0
    rest, started = kind.pace, time.monotonic()
    while arrived < AT_A_TIME and time.monotonic() - started < TURN:
        due = _due(clock.now()).filter(endpoint=endpoint)
        in_order = due.order_by(F("entry").asc(nulls_first=True), "pk")
        delivery = in_order.select_related("entry").first()
        lease = delivery and claim(due, delivery, lasts=LEASE)
        if not lease:
            break
        outcome = _tried(endpoint, lease)
        if outcome is None:
            continue
        if not _note(endpoint, lease, outcome):
            endpoint.failures += 1
            failed = pause(endpoint.failures, first=FIRST_REST, longest=LONGEST_REST)
            rest = outcome.rest or max(kind.pace, failed)
            break
        arrived += 1
        if kind.pace:
            break
    Endpoint.objects.filter(pk=endpoint.pk, free_at=until).update(free_at=clock.now() + rest)
    return arrived


def _tried(endpoint: Endpoint, lease: Lease[WebhookDelivery]) -> Outcome | None:
    """Try to send a delivery; return what came of it, or None where there was nothing to send any more."""
    if lease.attempt > len(WAITS) + 1:
        return Outcome(Why.OURS)  # it has stopped its workers in the middle
    try:
        with translation.override(endpoint.language):
            letter = _letter(lease.row)
            if letter is None:
                lease.end(state=State.DROPPED, ended_at=clock.now())
                return None
            request = kinds.of(endpoint.kind).write(endpoint, letter, clock.now())
        answer = outbound.post(request.url, body=request.body, headers=request.headers)
        return _outcome(endpoint, answer)
    except outbound.NotAllowed:
        return Outcome(Why.NOT_ALLOWED)
    except outbound.Unanswered as error:
        return Outcome(error.why, answer=error.detail)
    except Exception:
        logger.exception("Webhook %s could not be sent.", lease.row.public_id)
        return Outcome(Why.OURS)


def _letter(delivery: WebhookDelivery) -> kinds.Letter | None:
    entry = delivery.entry
    if entry is None:
        return trials.letter(delivery)
    happening = happenings.of_entry(entry)
    if happening is None:
        return None
    name = happenings.by_verb()[entry.verb].name
    return kinds.Letter(delivery.public_id, name, entry.at, happening)


def _outcome(endpoint: Endpoint, answer: outbound.Answer) -> Outcome:
    """Return what ``answer`` means."""
    kind = kinds.of(endpoint.kind)
    why, rest = "", None
    if answer.status == 410:
        why = Why.GONE
    elif 300 <= answer.status < 400:
        why = Why.ELSEWHERE
    elif not 200 <= answer.status < 300:
        why = Why.LIMITED if answer.status == 429 else Why.STATUS
    elif (said := kind.says(answer)) is not kinds.Said.TAKEN:
        why = Why.LIMITED if said is kinds.Said.TOO_MANY else Why.REFUSED
    if why == Why.LIMITED or "retry-after" in answer.headers:
        rest = kinds.rest_of(answer, otherwise=kind.rest, now=clock.now())
    words = answer.body.decode(errors="replace").replace("\0", "\ufffd")
    return Outcome(why, answer.status, words[: WebhookDelivery.answer.field.max_length], rest)


@transaction.atomic
def _note(endpoint: Endpoint, lease: Lease[WebhookDelivery], outcome: Outcome) -> bool:
    """Write down what came of a try, with the delivery and its endpoint; return whether it arrived.

    Lock contract: the endpoint's row, then its deliveries.
    """
    now = clock.now()
    said = {"tried_at": now, "status": outcome.status, "why": outcome.why, "answer": outcome.answer}
    rows = Endpoint.objects.filter(pk=endpoint.pk)
    rows.select_for_update().first()
    if not outcome.why:
        lease.end(state=State.DONE, ended_at=now, **said)
        rows.update(failures=0, failing_since=None, arrived_at=now)
        return True
    rows.update(failures=F("failures") + 1)
    rows.filter(failing_since=None).update(failing_since=now)
    if outcome.why == Why.LIMITED:
        # The other side asked for patience: no try is lost by it.
        said["attempts"] = lease.attempt - 1
        lease.end(due_at=now + (outcome.rest or LONGEST_REST), **said)
    elif lease.attempt > len(WAITS):
        lease.end(state=State.DEAD, ended_at=now, **said)
    else:
        wait = WAITS[lease.attempt - 1] * random.uniform(1, 1 + JITTER)  # noqa: S311
        lease.end(due_at=now + wait, **said)
    if outcome.why == Why.GONE:
        switch_off_for_good(endpoint, Endpoint.Off.GONE, now=now)
    elif rows.filter(failing_since__lte=now - PATIENCE).exists():
        switch_off_for_good(endpoint, Endpoint.Off.FAILING, now=now)
    return False


def switch_off_for_good(endpoint: Endpoint, why: Endpoint.Off, *, now: dt.datetime) -> None:
    """Switch ``endpoint`` off, give up what waits for it, and have the managers told."""
    if not Endpoint.objects.filter(pk=endpoint.pk, off="").update(off=why, off_at=now):
        return
    WebhookDelivery.objects.filter(endpoint=endpoint, state=State.WAITING).update(
        state=State.DEAD, ended_at=now, leased_until=None
    )
    journal.write(
        verb=Verb.WEBHOOK_SWITCHED_OFF,
        subject=endpoint,
        actor_id=None,
        now=now,
        data={"endpoint": endpoint.public_id, "title": endpoint.name, "why": why.value},
    )


def tidy(*, now: dt.datetime) -> int:
    """Forget what arrived or was given up long ago; return how much that was."""
    old = WebhookDelivery.objects.filter(ended_at__lt=now - KEEP)
    forgotten, _ = old.exclude(state=State.WAITING).delete()
    return forgotten
