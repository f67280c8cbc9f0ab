"""Addresses that name a mail we sent: where its reply goes, and where it goes back to when it cannot be delivered.

``reply+r<public id><mark>@example.org``: the row of the mail says who may answer and what it told of, so the address
itself tells nothing. The mark is signed for the purpose with the site's key; Message-IDs, which others see, hold the public id alone.
All of it is small letters and digits, because some servers change the case.
"""

import base64
import re
from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from feedback.kernel.public_ids import LENGTH
from feedback.notify.models import Mail

#: What the letter before a public id means.
REPLY, BOUNCE = "r", "b"
#: Characters of the mark, five bits each: 80 bits are not guessed.
_MARK = 16
_MESSAGE_ID = re.compile(r"<([0-9a-z]{11})\.\d{1,12}@[^<>@\s]{1,255}>")


def is_on() -> bool:
    """Whether what comes back by mail is read: from a mailbox, or as a provider hands it over."""
    return bool(settings.MAIL_IN_ADDRESS)


def address_for(mail: Mail, purpose: str) -> str:
    """Return the address that names ``mail`` for `REPLY` or `BOUNCE`."""
    local, _at, domain = settings.MAIL_IN_ADDRESS.partition("@")
    return f"{local}+{purpose}{mail.public_id}{_mark(purpose, mail.public_id)}@{domain}"


def mail_named(addresses: Iterable[str], purpose: str) -> Mail | None:
    """Return the mail that the first of ``addresses`` which is ours names for ``purpose``; None for what was not signed here."""
    for address in addresses:
        public_id = _public_id_in(address, purpose)
        if public_id is not None:
            return Mail.objects.filter(public_id=public_id).select_related("person").first()
    return None


def mail_of_message(message_id: str) -> Mail | None:
    """Return the mail of ours with this Message-ID."""
    found = _MESSAGE_ID.fullmatch(message_id.strip().lower())
    if found is None:
        return None
    mail = Mail.objects.filter(public_id=found[1]).select_related("person").first()
    return mail if mail is not None and mail.message_id.lower() == found[0] else None


def _public_id_in(address: str, purpose: str) -> str | None:
    local, _at, domain = address.strip().lower().rpartition("@")
    ours, _ours_at, our_domain = settings.MAIL_IN_ADDRESS.lower().partition("@")
    begins = f"{ours}+{purpose}"
    if domain != our_domain or not local.startswith(begins):
        return None
    named = local[len(begins) :]
    public_id, mark = named[:LENGTH], named[LENGTH:]
    return public_id if constant_time_compare(mark, _mark(purpose, public_id)) else None


def _mark(purpose: str, public_id: str) -> str:
    signed = salted_hmac(f"notify.mailbox.{purpose}", public_id, algorithm="sha256").digest()
    return base64.b32encode(signed).decode("ascii").lower()[:_MARK]
