"""Sending to devices: gathering what is due for each, handing it to the push service of its maker, and believing what that says.

1. `gather` makes one `Push` for a device of all deliveries that are due.
2. A few at a time are leased, written, encrypted and posted side by side. A worker that is killed before the service said yes has
   sent nothing; one that is killed after it sends the same message again, which the device shows as one.
3. `404` and `410` close the device. `429` has what goes to that device wait. A service that takes nothing of what was posted side by side
   is away, and all that goes there waits a minute: one bad address at a good service holds nobody up. What is refused otherwise is
   given up and counted, and closes nothing.
"""

import datetime as dt
import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import DatabaseError, transaction
from django.db.models import F, Min

from feedback.kernel import clock, outbound
from feedback.kernel.leases import Lease, claim, free, pause
from feedback.notify.channels.push import devices, queue, vapid
from feedback.notify.channels.push.composing import compose
from feedback.notify.channels.push.encryption import encrypted
from feedback.notify.channels.push.queue import GATHERED
from feedback.notify.channels.webhook.kinds import rest_of
from feedback.notify.models import Device, Push, PushDelivery, Wishes
from feedback.notify.quiet_hours import after_quiet

logger = logging.getLogger(__name__)

State = Push.State
LEASE = dt.timedelta(minutes=1)
#: How long one round lasts, messages posted side by side, and devices gathered at once.
ROUND, AT_ONCE, DEVICES = dt.timedelta(minutes=1), 8, 100
#: Seconds for one exchange with a push service.
SECONDS = 10.0
FIRST_PAUSE, LONGEST_PAUSE = dt.timedelta(seconds=15), dt.timedelta(hours=1)
#: How long a service that is away is left alone by all that did not fail there themselves.
AWAY = dt.timedelta(minutes=1)
#: What no service takes is given up after so long; it stands in the inbox.
GIVEN_UP = dt.timedelta(days=2)
#: How long a push service keeps a message for a device that is away.
KEPT_FOR = dt.timedelta(days=7)
#: Devices that were closed are shown to their person so long, and errors kept.
KEPT = dt.timedelta(days=30)
_TOO_MANY = 429


@dataclass(frozen=True)
class Round:
    """What one round came to. ``is_over``: whether nothing more is due."""

    sent: int
    is_over: bool


@dataclass(frozen=True)
class Request:
    """A message, encrypted for its device."""

    url: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """What came of a try: the status of the answer, 0 where none came, and what was said."""

    status: int
    said: str = ""
    wait: dt.timedelta | None = None

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        return self.status in (404, 410)

    @property
    def is_away(self) -> bool:
        """Whether the whole service is: it does not answer, or has trouble of its own."""
        return self.status == 0 or self.status >= 500

    @property
    def is_for_later(self) -> bool:
        return self.is_away or self.status in (408, 425, _TOO_MANY)


def send_due(*, now: dt.datetime) -> Round:
    """Send what is due, for `ROUND`."""
    if not queue.is_on():
        return Round(0, is_over=True)
    sent, ends_at = 0, clock.now() + ROUND
    while clock.now() < ends_at:
        leases = _claimed(now)
        if leases:
            sent += _send(leases)
        elif not gather(now=now):
            return Round(sent, is_over=True)
    return Round(sent, is_over=False)


def _claimed(now: dt.datetime) -> list[Lease[Push]]:
    due = Push.objects.filter(free(now), state=State.WAITING, due_at__lte=now)
    some = due.select_related("person", "device").order_by("attempts", "due_at", "id")[:AT_ONCE]
    return [lease for push in some if (lease := claim(due, push, lasts=LEASE)) is not None]


# --- Gathering ------------------------------------------------------------------------------------------------------
def gather(*, now: dt.datetime) -> int:
    """Make a message for each of up to `DEVICES` devices for which something is due; return how many there were."""
    waiting = PushDelivery.objects.filter(push=None, due_at__lte=now)
    first = waiting.values("device").annotate(first=Min("due_at")).order_by("first", "device")
    pks = [row["device"] for row in first[:DEVICES]]
    known = Device.objects.filter(off="", person__is_active=True).in_bulk(pks)
    for pk in pks:
        with transaction.atomic():
            _gather(pk, known.get(pk), now=now)
    return len(pks)


def _gather(pk: int, device: Device | None, *, now: dt.datetime) -> None:
    """Put what is due for a device into one message, but for what its person has read meanwhile."""
    due = PushDelivery.objects.filter(device=pk, push=None, due_at__lte=now + GATHERED)
    unread = due.filter(notice__read_at=None)
    due.exclude(pk__in=unread.values("pk")).delete()
    if device is None:  # it was closed: what is new stands in the inbox all the same
        due.delete()
    elif due.exists():
        made = {"person_id": device.person_id, "made_at": now, "due_at": now}
        push = Push.objects.create(device=device, **made)
        if not due.update(push=push):  # another worker was quicker
            push.delete()


# --- Sending --------------------------------------------------------------------------------------------------------
def _send(leases: list[Lease[Push]]) -> int:
    """Hand these messages over side by side, and note what became of each; return how many were taken."""
    key = vapid.own_key()
    written = [(lease, request) for lease in leases if (request := _written(lease, key))]
    if not written:
        return 0
    with ThreadPoolExecutor(len(written)) as pool:
        outcomes = list(pool.map(_post, [request for _lease, request in written]))
    are_away: dict[str, bool] = {}
    for (lease, _request), outcome in zip(written, outcomes, strict=True):
        _note(lease, outcome)
        service = lease.row.device.service if lease.row.device else ""
        are_away[service] = outcome.is_away and are_away.get(service, True)
    for service, is_away in are_away.items():
        if is_away:
            _hold_back(clock.now() + AWAY, device__service=service)
    return sum(outcome.is_taken for outcome in outcomes)


def _written(lease: Lease[Push], key: ec.EllipticCurvePrivateKey) -> Request | None:
    """Return a message as it is sent; None where there is nothing to send any more, or it cannot be written."""
    push, device, now = lease.row, lease.row.device, clock.now()
    wishes = Wishes.objects.filter(person=push.person_id).first()
    if not push.is_trial and (until := after_quiet(now, wishes)) > now:
        lease.end(due_at=until)
        return None
    try:
        letter = compose(push) if device is not None and device.is_on else None
        if device is None or letter is None or not push.person.is_active:
            lease.end(state=State.DROPPED, finished_at=now)
            return None
        return Request(
            device.endpoint,
            encrypted(letter.words, p256dh=device.p256dh, auth=device.auth),
            {
                "Authorization": vapid.authorization(device.endpoint, key=key, now=now),
                "Content-Encoding": "aes128gcm",
                "Content-Type": "application/octet-stream",
                "TTL": str(int(KEPT_FOR.total_seconds())),
                "Topic": letter.topic,
                "Urgency": letter.urgency,
            },
        )
    except DatabaseError:
        raise
    except Exception as error:  # a broken sentence: others go first
        logger.exception("%s cannot be written.", push)
        _note(lease, Outcome(0, f"{type(error).__name__}: {error}"))
        return None


def _post(request: Request) -> Outcome:
    try:
        answer = outbound.post(
            request.url, body=request.body, headers=request.headers, seconds=SECONDS
        )
    except outbound.NotAllowed as why:
        return Outcome(400, f"not allowed: {why}")
    except outbound.Unanswered as error:
        return Outcome(0, str(error))
    wait = None
    if "retry-after" in answer.headers:
        wait = rest_of(answer, otherwise=FIRST_PAUSE, now=clock.now())
    words = answer.body[:200].decode(errors="replace").replace("\0", "\ufffd")
    return Outcome(answer.status, f"HTTP {answer.status} {words}".strip(), wait)


@transaction.atomic
def _note(lease: Lease[Push], outcome: Outcome) -> None:
    """Write down what came of a try, with the message and its device."""
    now, push = clock.now(), lease.row
    mine = Device.objects.filter(pushes=push)
    if outcome.is_taken:
        mine.update(arrived_at=now, failures=0)
        lease.end(state=State.SENT, finished_at=now)
        return
    mine.update(failures=F("failures") + 1, failed_at=now, error=outcome.said[:300])
    if not outcome.is_for_later or now - push.made_at > GIVEN_UP:
        lease.end(state=State.REFUSED, finished_at=now)
        if outcome.is_gone and push.device is not None:
            devices.close(device=push.device, why=Device.Off.GONE, now=now)
        return
    until = now + (outcome.wait or pause(lease.attempt, first=FIRST_PAUSE, longest=LONGEST_PAUSE))
    lease.end(due_at=until)
    if outcome.status == _TOO_MANY and push.device is not None:
        _hold_back(until, device=push.device)


def _hold_back(until: dt.datetime, **which: Any) -> None:
    """Have all that goes the same way, and is not being tried, wait for as long."""
    early = Push.objects.filter(state=State.WAITING, due_at__lt=until, leased_until=None, **which)
    early.update(due_at=until)


def tidy(*, now: dt.datetime) -> None:
    """Forget devices that were closed long ago. That something was sent to them stays, and is counted."""
    Device.objects.exclude(off="").filter(off_at__lt=now - KEPT).delete()
