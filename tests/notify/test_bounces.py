"""What servers report of mails of ours, hours later."""

import pytest

from feedback.forum.comments.operations import comment
from feedback.kernel import clock
from feedback.notify.models import ClosedAddress, Mail

BOUNCE = """Return-Path: <>
From: MAILER-DAEMON@mx.example
To: {to}
Message-ID: <{id}@mx.example>
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you …

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {whom}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such
 mailbox

--b
Content-Type: {returned}

Message-ID: {message_id}
Subject: Bo commented on your post

--b--
"""
COMPLAINT = """From: fbl@provider.example
To: {to}
Message-ID: <{id}@provider.example>
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is an abuse report.

--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Provider/1
Version: 1
Original-Rcpt-To: {whom}

--b
Content-Type: message/rfc822

Message-ID: {message_id}
Subject: Bo commented on your post

Hello

--b--
"""


def bounce(mail, **fields):
    usual = {
        "to": "heed@heed.example",
        "id": "1",
        "whom": "ann@example.org",
        "action": "failed",
        "status": "5.1.1",
        "returned": "message/rfc822",
        "message_id": mail["Message-ID"],
        "kind": "abuse",
    }
    return usual | fields


def closed():
    return list(ClosedAddress.objects.values_list("address", "why"))


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_an_address_at_which_nobody_is_is_closed(
    mailbox, told_of, look, returned, client_of, ann, bo, send
):
    post, mail = told_of
    mailbox.put(BOUNCE.format(**bounce(mail, returned=returned)))
    assert look() == ["BOUNCED"]
    assert closed() == [("ann@example.org", "REFUSED")]
    assert Mail.objects.get().state == "REFUSED", "It is not counted as sent any more."
    assert "no such mailbox" in client_of(ann).get("/settings/news/").content.decode()
    comment(post=post, author=bo, body="And one more", now=clock.now())
    assert send() == 0


@pytest.mark.parametrize(
    ("fields", "outcome", "state"),
    [
        ({"action": "delayed", "status": "4.4.1"}, "LEFT", "SENT"),
        ({"action": "delivered", "status": "2.0.0"}, "LEFT", "SENT"),
        ({"status": "4.4.1"}, "BOUNCED", "REFUSED"),  # it gave up
        ({"status": "5.2.2"}, "BOUNCED", "REFUSED"),  # the mailbox is full
        ({"status": "5.7.1"}, "BOUNCED", "REFUSED"),  # a rule about us
        ({"whom": "eve@example.org"}, "LEFT", "SENT"),
        ({"message_id": "<nobody.1@127.0.0.1>"}, "LEFT", "SENT"),
        ({"message_id": ""}, "LEFT", "SENT"),
    ],
    ids=str,
)
def test_what_is_not_for_good_or_not_ours_closes_nothing(
    mailbox, told_of, look, fields, outcome, state
):
    mailbox.put(BOUNCE.format(**bounce(told_of[1], **fields)))
    assert look() == [outcome]
    assert closed() == []
    assert Mail.objects.get().state == state


def test_the_return_path_names_the_mail(mailbox, server, settings, told_of, look, send, bo):
    settings.MAIL_RETURN_PATH = True
    server.returns_to.clear()
    comment(post=told_of[0], author=bo, body="And one more", now=clock.now())
    send()
    (_first, mail) = server.to("ann@example.org")
    (back,) = server.returns_to
    assert back.startswith("reply+b") and back.endswith("@heed.example")
    assert mail["From"].endswith("<heed@127.0.0.1>")
    for number, to in enumerate(
        [str(mail["Reply-To"]), "reply@heed.example", f"{back[:-20]}@heed.example"]
    ):
        mailbox.put(BOUNCE.format(**bounce(mail, to=to, id=str(number))))
    assert look() == ["LEFT"] * 3, "Only the address that was signed for it is believed."
    mailbox.put(
        BOUNCE.format(**bounce(mail, to=back, id="9", message_id="", whom="ann@elsewhere.example"))
    )
    assert look() == ["BOUNCED"]
    assert closed() == [("ann@example.org", "REFUSED")]


@pytest.mark.parametrize("whom", ["ann@example.org", "redacted-12ab@example.org", ""])
def test_a_complaint_stops_everything(mailbox, told_of, look, whom, bo, send):
    mailbox.put(COMPLAINT.format(**bounce(told_of[1], whom=whom)))
    assert look() == ["COMPLAINED"]
    assert closed() == [("ann@example.org", "COMPLAINED")]
    comment(post=told_of[0], author=bo, body="And one more", now=clock.now())
    assert send() == 0


def test_that_it_is_no_spam_changes_nothing(mailbox, told_of, look):
    mailbox.put(COMPLAINT.format(**bounce(told_of[1], kind="not-spam")))
    assert look() == ["LEFT"]
    assert closed() == []


def test_an_old_report_closes_no_address_that_is_forgotten(mailbox, told_of, look):
    Mail.objects.update(address="")
    mailbox.put(BOUNCE.format(**bounce(told_of[1], whom="")))
    assert look() == ["BOUNCED"]
    assert closed() == []
