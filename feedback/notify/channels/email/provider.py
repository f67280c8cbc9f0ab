"""What a mail provider tells of mails that it took: through django-anymail, which checks that it is the provider who tells.

Set up by ``EMAIL_URL=anymail+postmark://?…``; without that nothing here is called, and its addresses do not exist.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from feedback.accounts.models import User
from feedback.kernel import clock
from feedback.notify.channels.email import closing
from feedback.notify.groups import Group, Pace
from feedback.notify.mailbox import imap, polling, reports
from feedback.notify.models import Mail
from feedback.notify.wishes.operations import mail_less

#: What names a mail of ours to the provider, and comes back with what it tells.
_NAME = "heed-mail"
#: Why the provider sends nothing there: nobody is there, or was before.
_NOBODY_THERE = {"invalid", "bounced"}
_CLOSING = {"bounced", "rejected", "failed"}


def is_on() -> bool:
    """Whether mails leave through a provider's own interface."""
    return bool(settings.MAIL_PROVIDER)


def name(message: EmailMessage, mail: Mail) -> None:
    """Have the provider know ``message`` as ``mail``: what it is given along comes back with what it tells."""
    vars(message).update(metadata={_NAME: mail.public_id})  # where django-anymail looks for it


def is_about_one_mail(error: Exception) -> bool:
    """Whether the provider took this one mail amiss, and takes others."""
    return is_on() and getattr(error, "status_code", None) in (400, 413, 422)


def refuses_address(error: Exception) -> bool:
    """Whether the provider sends nothing to the address of this mail."""
    if not is_on():
        return False
    from anymail.exceptions import AnymailRecipientsRefused  # most sites have no such package

    return isinstance(error, AnymailRecipientsRefused)


def connect() -> None:
    """Hear what the provider tells. Called once, in ``AppConfig.ready``."""
    from anymail import signals  # most sites have no such package

    signals.tracking.connect(_heard, dispatch_uid="notify.mail-provider")
    signals.inbound.connect(_arrived, dispatch_uid="notify.mail-provider")


def _heard(sender: object, event: Any, **_rest: object) -> None:
    take_event(
        kind=str(event.event_type or ""),
        reason=str(event.reject_reason or ""),
        mail_id=str((event.metadata or {}).get(_NAME, "")),
        address=str(event.recipient or "").strip(" <>").lower(),
        said=" ".join(str(event.mta_response or event.description or "").split())[:500],
        now=clock.now(),
    )


def _arrived(sender: object, event: Any, **_rest: object) -> None:
    message = event.message
    if message.envelope_recipient:
        message["X-Original-To"] = message.envelope_recipient
    polling.receive(message.as_bytes()[: imap.MOST_BYTES], now=clock.now())


@transaction.atomic
def take_event(
    *, kind: str, reason: str, mail_id: str, address: str, said: str, now: dt.datetime
) -> None:
    """Note what the provider tells of one mail of ours, or of ``address`` alone. Told twice it is the same."""
    mail = Mail.objects.filter(public_id=mail_id).first() if mail_id else None
    if kind == "delivered" and mail is not None:
        Mail.objects.filter(pk=mail.pk, arrived_at=None).update(arrived_at=now)
    elif kind == "complained" or reason == "spam":
        _close(address, mail, closing.Why.COMPLAINED, said, now=now)
    elif kind == "unsubscribed" or reason == "unsubscribed":
        for person in User.objects.filter(email__iexact=address) if address else ():
            mail_less(person=person, groups=list(Group), pace=Pace.NEVER, now=now)
    elif kind in _CLOSING:
        if mail is not None:
            reports.bounced(mail, said=said, is_nobody_there=False, now=now)
        if reason in _NOBODY_THERE:
            _close(address, mail, closing.Why.REFUSED, said, now=now)


def _close(
    address: str, mail: Mail | None, why: closing.Why, said: str, *, now: dt.datetime
) -> None:
    address = address or (mail.address if mail is not None else "")
    if address:
        closing.close(address=address, why=why, said=said, now=now)
