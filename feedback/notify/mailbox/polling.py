"""Looking into the mailbox: one worker at a time, one mail after another, in the order in which they arrived.

What comes of a mail, that it has come, and how far the mailbox has been read are one transaction. A worker that is killed
before it has done nothing; the next one takes the same mail up. One that was away for longer than its lease changes nothing. A
mail that stands there twice, or is numbered anew by its server, is known by its key.
"""

import datetime as dt
import logging
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, transaction

from feedback.kernel import clock
from feedback.kernel.leases import Lease, TakenOver, claim, free, pause
from feedback.notify.mailbox import addresses, imap, reading, replies, reports
from feedback.notify.models import ArrivedMail, Mailbox

logger = logging.getLogger(__name__)

Outcome = ArrivedMail.Outcome
LEASE = dt.timedelta(minutes=5)
#: How long one look lasts.
ROUND = dt.timedelta(minutes=1)
#: Older mails are nobody's news any more; what came of a mail is remembered for longer than that.
TAKEN, REMEMBERED = dt.timedelta(days=30), dt.timedelta(days=60)
FIRST_PAUSE, LONGEST_PAUSE = dt.timedelta(seconds=30), dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Look:
    """What one look came to: mails that were read, and whether the mailbox has no more for now."""

    read: int
    is_over: bool


def is_on() -> bool:
    """Whether there is a mailbox to look into."""
    return bool(settings.MAIL_IN)


def look(*, now: dt.datetime) -> Look:
    """Read what is new in the mailbox."""
    if not is_on():
        return Look(0, is_over=True)
    mailbox, _made = Mailbox.objects.get_or_create(place=place(), defaults={"due_at": now})
    due = Mailbox.objects.filter(free(now), due_at__lte=now)
    lease = claim(due, mailbox, lasts=LEASE) if mailbox.due_at <= now else None
    if lease is None:
        return Look(0, is_over=True)
    try:
        with imap.opened() as box:
            found = _read(box, lease)
            lease.end(looked_at=clock.now(), due_at=now, failures=0, error="")
    except imap.MailboxAway as away:
        logger.warning("The mailbox waits: %s", away)
        failures = mailbox.failures + 1
        wait = pause(failures, first=FIRST_PAUSE, longest=LONGEST_PAUSE)
        lease.end(failures=failures, error=str(away), due_at=clock.now() + wait)
    except TakenOver:
        logger.info("Another worker reads the mailbox.")
    else:
        return found
    return Look(0, is_over=True)


def place() -> str:
    """Return what tells the mailbox of the settings from others."""
    return f"{settings.MAIL_IN['user']}@{settings.MAIL_IN['host']}/{settings.MAIL_IN['folder']}"[
        :300
    ]


def waiting(box: imap.Opened, mailbox: Mailbox | None) -> int:
    """Return how many mails have not been read yet. Raises `imap.MailboxAway`."""
    return len(_waiting(box, mailbox))


def _waiting(box: imap.Opened, mailbox: Mailbox | None) -> list[int]:
    is_known = mailbox is not None and mailbox.uid_validity == box.uid_validity
    since = (clock.now() - TAKEN).date()
    return box.uids_after(mailbox.last_uid if mailbox and is_known else 0, since=since)


def _read(box: imap.Opened, lease: Lease[Mailbox]) -> Look:
    ends_at = clock.now() + ROUND
    uids = _waiting(box, lease.row)
    lease.renew(waiting=len(uids))
    for number, uid in enumerate(uids, start=1):
        raw = box.fetch(uid)
        arrived = _understood(raw) if raw is not None else None
        with transaction.atomic():
            # First the lease: whoever lost it meanwhile writes nothing.
            lease.renew(uid_validity=box.uid_validity, last_uid=uid, waiting=len(uids) - number)
            if raw is not None:
                _take(raw, arrived, now=clock.now())
        if raw is not None:
            box.mark_read(uid)
        if clock.now() >= ends_at:
            return Look(number, is_over=number == len(uids))
    return Look(len(uids), is_over=True)


def receive(raw: bytes, *, now: dt.datetime) -> None:
    """Take a mail that a provider hands over, as one that lies in the mailbox."""
    arrived = _understood(raw)
    with transaction.atomic():
        _take(raw, arrived, now=now)


def _understood(raw: bytes) -> reading.Arrived | None:
    try:
        return reading.read(raw)
    except reading.Unreadable as why:
        logger.warning("A mail cannot be read: %s", why)
        return None


def _take(raw: bytes, arrived: reading.Arrived | None, *, now: dt.datetime) -> None:
    """Note that a mail arrived, with what comes of it, unless it has come already."""
    mark, is_new = ArrivedMail.objects.get_or_create(
        key=arrived.key if arrived else reading.key_of(raw),
        defaults={"outcome": Outcome.UNREADABLE, "arrived_at": now},
    )
    if not is_new or arrived is None:
        return
    try:
        with transaction.atomic():
            outcome = take(arrived, now=now)
    except DatabaseError:
        raise
    except Exception:  # one mail must not hold up all that come after it
        logger.exception("Nothing came of a mail.")
        return
    ArrivedMail.objects.filter(pk=mark.pk).update(outcome=outcome)


def take(arrived: reading.Arrived, *, now: dt.datetime) -> Outcome:
    """Do what a mail is for, and return what that was. Call in a transaction."""
    found = reports.reports_in(arrived.message)
    if found:
        return reports.take_reports(found, arrived.addresses, now=now)
    mail = addresses.mail_named(arrived.addresses, addresses.REPLY)
    if mail is None:
        return Outcome.LEFT
    return replies.take_reply(arrived, mail, now=now)


def tidy(*, now: dt.datetime) -> None:
    """Forget mails that no server will hand over again."""
    ArrivedMail.objects.filter(arrived_at__lt=now - REMEMBERED).delete()
