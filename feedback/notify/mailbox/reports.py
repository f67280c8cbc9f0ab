"""What servers report, hours later: a mail did not arrive (RFC 3464), or was reported as spam (RFC 5965).

A report is about a mail of ours when it arrives at the address that names it, or brings back its headers and names its
address. It closes an address as an answer of the mail server does while a mail is sent.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser

from django.conf import settings

from feedback.notify.channels.email import closing
from feedback.notify.mailbox import addresses
from feedback.notify.models import ArrivedMail, Mail

Outcome = ArrivedMail.Outcome
#: Failures that say that nobody is there (RFC 3463): not a full mailbox, a rule about us, or the words of the mail.
_NOBODY_THERE = re.compile(r"5\.(?:0\.0|1\.\d{1,3}|2\.1|4\.[14]|5\.0)")
_SAID = 500


@dataclass(frozen=True)
class Report:
    """``status`` is that of a mail that did not arrive for good ("5.1.1"), "" of a complaint; ``recipient`` in small letters."""

    status: str
    said: str
    recipient: str
    message_id: str

    @property
    def is_complaint(self) -> bool:
        """Whether somebody called the mail spam."""
        return not self.status


def reports_in(message: Message) -> list[Report]:
    """Return what a mail reports of mails that failed for good or were complained about; none in a mail of a person."""
    if message.get_content_type() != "multipart/report":
        return []
    parts = [part for part in message.walk() if not part.is_multipart() or _is_message(part)]
    returned = next(filter(None, map(_message_id_in, parts)), "")
    found = []
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            found += [_failure(block, returned) for block in _blocks(part)]
        elif part.get_content_type() == "message/feedback-report":
            found += [_complaint(block, returned) for block in _blocks(part)]
    return [report for report in found if report is not None]


def take_reports(
    reports: list[Report], arrived_at: tuple[str, ...], *, now: dt.datetime
) -> Outcome:
    """Note of which mails these are, and close their addresses where nothing will arrive or is wanted. Call in a transaction."""
    outcome = Outcome.LEFT
    for report in reports[:20]:
        mail = _mail_of(report, arrived_at)
        if mail is None:
            continue
        if report.is_complaint:
            complained(mail, said=report.said, now=now)
            outcome = Outcome.COMPLAINED
        else:
            is_nobody = _NOBODY_THERE.fullmatch(report.status) is not None
            bounced(mail, said=report.said, is_nobody_there=is_nobody, now=now)
            outcome = Outcome.BOUNCED
    return outcome


def bounced(mail: Mail, *, said: str, is_nobody_there: bool, now: dt.datetime) -> None:
    """Note that ``mail`` did not arrive, and send nothing more where nobody is there."""
    Mail.objects.filter(pk=mail.pk, state=Mail.State.SENT).update(
        state=Mail.State.REFUSED, error=said[:_SAID]
    )
    if is_nobody_there and mail.address:
        closing.close(address=mail.address, why=closing.Why.REFUSED, said=said, now=now)


def complained(mail: Mail, *, said: str, now: dt.datetime) -> None:
    """Send nothing more to whoever called ``mail`` spam."""
    if mail.address:
        closing.close(address=mail.address, why=closing.Why.COMPLAINED, said=said, now=now)


def _mail_of(report: Report, arrived_at: tuple[str, ...]) -> Mail | None:
    named = addresses.mail_named(arrived_at, addresses.BOUNCE)
    if named is not None:
        return named
    if settings.MAIL_RETURN_PATH and not report.is_complaint:
        return None  # all that is real comes to the address that names it
    mail = addresses.mail_of_message(report.message_id)
    is_its = mail is not None and report.recipient in ("", mail.address.lower())
    return mail if is_its else None


def _failure(block: Message, message_id: str) -> Report | None:
    """Return what a block says of one recipient, None where it is not about a failure for good."""
    status = re.match(r"\s*([245]\.\d{1,3}\.\d{1,3})", str(block.get("Status", "")))
    action = str(block.get("Action", "")).strip().lower()
    if action != "failed" or status is None:
        return None
    recipient = block.get("Original-Recipient") or block.get("Final-Recipient") or ""
    said = str(block.get("Diagnostic-Code", "")) or status[1]
    return Report(status[1], _line(said), _address_in(str(recipient)), message_id)


def _complaint(block: Message, message_id: str) -> Report | None:
    kind = str(block.get("Feedback-Type", "")).strip().lower()
    if not kind or kind == "not-spam":
        return None
    recipient = _address_in(str(block.get("Original-Rcpt-To", "")))
    return Report("", _line(kind), recipient, message_id)


def _address_in(value: str) -> str:
    """Return the address of "rfc822; ann@example.org", "" where it was made unreadable."""
    address = value.rpartition(";")[2].strip(" <>").lower()
    return address if "@" in address and "redacted" not in address else ""


def _is_message(part: Message) -> bool:
    return part.get_content_maintype() == "message"


def _blocks(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from [one for one in payload[:50] if isinstance(one, Message)]


def _message_id_in(part: Message) -> str:
    """Return the Message-ID of the mail that is returned in ``part``, "" where there is none."""
    payload = part.get_payload()
    if part.get_content_type() == "message/rfc822" and isinstance(payload, list) and payload:
        returned = payload[0]
        return str(returned.get("Message-ID", "")) if isinstance(returned, Message) else ""
    if part.get_content_type() == "text/rfc822-headers" and isinstance(payload, str):
        return str(HeaderParser().parsestr(payload[:100_000]).get("Message-ID", ""))
    return ""


def _line(said: str) -> str:
    return " ".join(said.split())[:_SAID]
