"""Sending mail: gathering what is due for each person, handing it to the mail server, and believing what that says.

1. `gather` makes one `Mail` for a person of all deliveries that are due. From then on it has its Message-ID.
2. `send` leases each mail in turn, writes it and hands it over. A worker that is killed before the server said yes has sent
   nothing; one that is killed after it sends the same mail again, under the same Message-ID.
3. A server that is away, does not let us in or asks to come back later stops the round: what waits goes out when it is
   there again, and nothing is given up for it. A mail that it answers oddly, or that cannot be written, waits for itself and lets the
   others go first. An address that is refused for good is closed, and its person sees why.
"""

import datetime as dt
import logging
import re
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, transaction
from django.db.models import Min

from feedback.accounts.models import User
from feedback.accounts.operations import count_hit
from feedback.kernel import clock
from feedback.kernel.leases import Lease, claim, free, pause
from feedback.notify.channels.email import closing, leaving, provider, queue
from feedback.notify.channels.email.composing import compose
from feedback.notify.models import Delivery, Mail

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=2)
#: How long one round lasts, and people gathered at once: however many wait, few are held in memory.
ROUND, PEOPLE = dt.timedelta(minutes=1), 100
#: Addresses and answers of mails that ended are kept so long.
KEPT = dt.timedelta(days=30)
FIRST_PAUSE, LONGEST_PAUSE = dt.timedelta(seconds=15), dt.timedelta(minutes=10)
#: A mail that its own server asks to send later, or that cannot be written, is given up after so long.
GIVEN_UP = dt.timedelta(days=5)
_PAUSE = "notify.mail.pause"
_GOOD_BYE = 421  # the server closes the connection: it is busy, or has had enough of us for now


@dataclass(frozen=True)
class Round:
    """What one round came to. ``is_over``: whether nothing more is due, or the server wants a pause."""

    sent: int
    is_over: bool


class ServerAway(Exception):
    """The mail server cannot be reached, does not let us in, or asks us to come back later."""


def send_due(*, now: dt.datetime) -> Round:
    """Send what is due, for `ROUND`: a slow server makes a round of few mails, and never a long one."""
    if not queue.is_on() or _is_pausing(now):
        return Round(0, is_over=True)
    sent, ends_at = 0, clock.now() + ROUND
    connection = _Connection()
    try:
        for lease in _leases(now):
            sent += _send(lease, connection)
            if sent == 1:
                cache.delete(_PAUSE)
            if clock.now() >= ends_at:
                return Round(sent, is_over=False)
    except ServerAway as away:
        logger.warning("Mail waits: %s", away)
        _pause(clock.now())
    finally:
        connection.close()
    return Round(sent, is_over=True)


def _is_pausing(now: dt.datetime) -> bool:
    kept = cache.get(_PAUSE)
    return kept is not None and now < kept[1]


def _pause(now: dt.datetime) -> None:
    """Leave the server alone for a while, longer each time: in all workers, as the cache is shared."""
    failures = (cache.get(_PAUSE) or (0, now))[0] + 1
    until = now + pause(failures, first=FIRST_PAUSE, longest=LONGEST_PAUSE)
    cache.set(_PAUSE, (failures, until), timeout=2 * LONGEST_PAUSE.total_seconds())


def _leases(now: dt.datetime) -> Iterator[Lease[Mail]]:
    """Yield the mails that are due, claimed one at a time, and gather more as long as there is something to gather."""
    due = Mail.objects.filter(free(now), state=Mail.State.WAITING, due_at__lte=now)
    while True:
        some = list(due.select_related("person").order_by("due_at", "id")[:PEOPLE])
        for mail in some:
            if not _may_send_more(now):
                return
            lease = claim(due, mail, lasts=LEASE)
            if lease is not None:
                yield lease
        if not some and not gather(now=now):
            return


def _may_send_more(now: dt.datetime) -> bool:
    """Count one mail more, and return whether the provider's limit allows it."""
    most = settings.MAIL_PER_MINUTE
    if not most:
        return True
    return count_hit(key="mail", per=dt.timedelta(minutes=1), now=clock.now()) <= most


# --- Gathering ------------------------------------------------------------------------------------------------------
def gather(*, now: dt.datetime) -> int:
    """Make a mail for each of up to `PEOPLE` people for whom something is due; return how many there were."""
    waiting = Delivery.objects.filter(mail=None, due_at__lte=now)
    first = waiting.values("person").annotate(first=Min("due_at")).order_by("first", "person")
    pks = [row["person"] for row in first[:PEOPLE]]
    reachable = {person.pk: person for person in queue.reachable(User.objects.filter(pk__in=pks))}
    for pk in pks:
        with transaction.atomic():
            _gather(pk, reachable.get(pk), now=now)
    return len(pks)


def _gather(pk: int, person: User | None, *, now: dt.datetime) -> None:
    """Put what is due for a person into one mail, with what would be due in a moment.

    What they have read meanwhile is told already, and left out.
    """
    due = Delivery.objects.filter(person=pk, mail=None, due_at__lte=now + queue.GATHERED)
    due.filter(notice__read_at__isnull=False).delete()
    if person is None:  # gone, or the address was closed: it stands in the inbox all the same
        due.delete()
        return
    address = queue.address_of(person)
    mail = Mail.objects.create(person=person, address=address, made_at=now, due_at=now)
    if not due.update(mail=mail):  # another worker was quicker
        mail.delete()


# --- Sending --------------------------------------------------------------------------------------------------------
class _Connection:
    """One connection to the mail server for a whole round, opened when the first mail needs it."""

    def __init__(self) -> None:
        self._backend: BaseEmailBackend | None = None

    def backend(self) -> BaseEmailBackend:
        if self._backend is None:
            try:
                backend = get_connection()
                backend.open()
            except (OSError, smtplib.SMTPException, ImproperlyConfigured) as error:
                raise ServerAway(_line(error)) from error
            self._backend = backend
        return self._backend

    def close(self) -> None:
        if self._backend is not None:
            try:
                self._backend.close()
            except (OSError, smtplib.SMTPException):
                logger.info("The mail server closed the connection first.")
            self._backend = None


def _send(lease: Lease[Mail], connection: _Connection) -> bool:
    """Hand one mail over and note what became of it; return whether it was sent. Raises `ServerAway`."""
    try:
        message = compose(lease.row) if leaving.is_for_somebody(lease.row) else None
        if message is None:
            lease.end(state=Mail.State.DROPPED, finished_at=clock.now())
            return False
        message.connection = connection.backend()
        message.send()
    except DatabaseError:
        raise
    except ServerAway as away:
        lease.end(error=str(away))
        raise
    except smtplib.SMTPRecipientsRefused as refused:
        connection.close()
        code, said = _answer_of(refused)
        if code >= 500 and not _is_about_us(code, said):
            return _refused(lease, said)
        return _later(lease, said, code=code)
    except smtplib.SMTPDataError as refused:
        # What was refused is this mail, for its words or its size, and not its address.
        connection.close()
        said = _line(refused)
        if refused.smtp_code >= 500:
            logger.error("A mail was refused: %s", said)
            lease.end(state=Mail.State.REFUSED, error=said, finished_at=clock.now())
            return False
        return _later(lease, said, code=refused.smtp_code)
    except (OSError, smtplib.SMTPException) as error:
        # Perhaps the server, perhaps this mail alone, which a filter hangs up on: others go first.
        connection.close()
        _later(lease, _line(error), code=0)
        if provider.is_about_one_mail(error):
            return False
        raise ServerAway(_line(error)) from error
    except Exception as error:
        if provider.refuses_address(error):
            return _refused(lease, _line(error))
        # It cannot be written: a broken address, a broken sentence
        logger.exception("%s cannot be written.", lease.row)
        return _later(lease, _line(error), code=0)
    lease.end(state=Mail.State.SENT, finished_at=clock.now(), error="")
    return True


def _is_about_us(code: int, said: str) -> bool:
    """Whether a server refuses us and not the address: no sign-in, no relaying, a rule it has (RFC 3463, x.7.x)."""
    return code in (530, 535, 554) or re.match(r"5\d\d[ -]5\.7\.", said) is not None


def _refused(lease: Lease[Mail], said: str) -> bool:
    now = clock.now()
    with transaction.atomic():
        lease.end(state=Mail.State.REFUSED, error=said, finished_at=now)
        closing.close(address=lease.row.address, why=closing.Why.REFUSED, said=said, now=now)
    return False


def _later(lease: Lease[Mail], said: str, *, code: int) -> bool:
    """Have a mail wait, five days at most; where the server itself asks for a pause, everything waits."""
    now = clock.now()
    if now - lease.row.made_at > GIVEN_UP:
        lease.end(state=Mail.State.REFUSED, error=said, finished_at=now)
        return False
    lease.end(due_at=now + _wait(lease), error=said)
    if code == _GOOD_BYE:
        raise ServerAway(said)
    return False


def _wait(lease: Lease[Mail]) -> dt.timedelta:
    return pause(lease.attempt, first=4 * FIRST_PAUSE, longest=6 * LONGEST_PAUSE)


def _answer_of(refused: smtplib.SMTPRecipientsRefused) -> tuple[int, str]:
    code, said = next(iter(refused.recipients.values()))
    return code, f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"[
        :500
    ]


def _line(error: Exception) -> str:
    said = getattr(error, "smtp_error", b"")
    if said:
        words = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        return f"{getattr(error, 'smtp_code', '')} {words}"[:500]
    return " ".join(f"{type(error).__name__}: {error}".split())[:500]


def tidy(*, now: dt.datetime) -> None:
    """Forget where mails went that ended long ago; that they were sent stays, and is counted."""
    old = Mail.objects.filter(finished_at__lt=now - KEPT).exclude(address="", error="")
    old.update(address="", error="")
