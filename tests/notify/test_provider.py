"""A mail provider's own interface: what it is handed, what it answers, and what it tells later."""

import base64
import json

import pytest
from django.test import Client

import config.urls
from feedback.forum.comments.operations import comment
from feedback.forum.models import Comment
from feedback.kernel import clock
from feedback.notify.channels.email import provider, sending
from feedback.notify.models import ClosedAddress, Mail, Wishes
from tests.receiver import says

TAKEN = {"ErrorCode": 0, "Message": "OK", "MessageID": "b7bc2f4a", "To": "ann@example.org"}


@pytest.fixture
def postmark(settings, db, receiver):
    """A site that mails through a provider."""
    settings.HAS_MAIL_SERVER, settings.MAIL_PROVIDER = True, "postmark"
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {
        "POSTMARK_SERVER_TOKEN": "token",
        "POSTMARK_API_URL": f"http://127.0.0.1:{receiver.port}/",
        "WEBHOOK_SECRET": "heed:pass",
    }
    receiver.answers(says(200, TAKEN))
    return receiver


@pytest.fixture
def mail(postmark, publish, ann, bo, send):
    """A mail that the provider took."""
    comment(post=publish(ann, "Dark mode"), author=bo, body="Me too", now=clock.now())
    assert send() == 1
    return Mail.objects.get()


@pytest.fixture
def hook(postmark, settings):
    """Have the provider tell something: ``hook({…})`` or ``hook({…}, password="…")``; returns the status."""
    every = [*config.urls.hooks(), *config.urls.urlpatterns]
    settings.ROOT_URLCONF = type("urls", (), {"urlpatterns": every})
    provider.connect()

    def tell(event, *, password="pass", way="tracking"):
        signed = base64.b64encode(f"heed:{password}".encode()).decode()
        client = Client(headers={"authorization": f"Basic {signed}"}, raise_request_exception=False)
        address = f"/hooks/mail/postmark/{way}/"
        return client.post(address, json.dumps(event), content_type="application/json").status_code

    return tell


def bounced(mail, **fields):
    said = {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "Email": "ann@example.org",
        "Details": "550 no such mailbox",
    }
    return said | {"Metadata": {"heed-mail": mail.public_id}} | fields


def closed():
    return list(ClosedAddress.objects.values_list("address", "why"))


def test_a_mail_is_handed_over_under_its_name(mail, postmark):
    (request,) = postmark.got
    said = request.json()
    assert said["Metadata"] == {"heed-mail": mail.public_id}
    assert {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"} in said[
        "Headers"
    ]
    assert mail.state == "SENT"


def test_a_hard_bounce_closes_the_address(mail, hook):
    for _twice in range(2):
        assert hook(bounced(mail)) == 200
    assert closed() == [("ann@example.org", "REFUSED")]
    assert Mail.objects.get().state == "REFUSED"


@pytest.mark.parametrize(
    ("fields", "addresses"),
    [
        ({"Type": "Transient"}, []),
        ({"Type": "Blocked"}, []),
        ({"Type": "SpamComplaint"}, [("ann@example.org", "COMPLAINED")]),
        (
            {"RecordType": "SpamComplaint", "Type": "SpamComplaint"},
            [("ann@example.org", "COMPLAINED")],
        ),
        ({"Type": "BadEmailAddress", "Metadata": {}}, [("ann@example.org", "REFUSED")]),
        ({"RecordType": "Open"}, []),
    ],
    ids=str,
)
def test_what_a_provider_tells_of_an_address(mail, hook, fields, addresses):
    assert hook(bounced(mail, **fields)) == 200
    assert closed() == addresses


def test_who_unsubscribes_at_the_provider_gets_no_more_mail(mail, hook, ann):
    said = {
        "RecordType": "SubscriptionChange",
        "SuppressSending": True,
        "SuppressionReason": "ManualSuppression",
    }
    assert hook(bounced(mail, Recipient="ann@example.org", **said)) == 200
    assert set(Wishes.objects.get(person=ann).mail.values()) == {"NEVER"}
    assert closed() == []


def test_what_arrived_is_counted(mail, hook):
    assert hook(bounced(mail, RecordType="Delivery", Type="")) == 200
    assert Mail.objects.get().arrived_at == clock.now()


def test_who_is_not_the_provider_tells_nothing(mail, hook):
    assert hook(bounced(mail), password="guess") == 400
    assert closed() == []


def test_without_a_secret_there_is_nobody_to_tell(postmark, settings):
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "token"}
    assert config.urls.hooks() == []
    settings.MAIL_PROVIDER = ""
    assert config.urls.hooks() == []


def test_a_reply_that_comes_to_the_provider_is_a_comment(mail, hook, settings):
    from feedback.notify.mailbox import addresses

    settings.MAIL_IN_ADDRESS = "reply@heed.example"
    to = addresses.address_for(mail, addresses.REPLY)
    event = {
        "FromFull": {"Email": "ann@example.org", "Name": "Ann"},
        "ToFull": [{"Email": "reply@heed.example", "Name": ""}],
        "OriginalRecipient": to,
        "TextBody": "At night.\n\nOn Friday, Heed <heed@x.example> wrote:\n> Bo",
        "Headers": [{"Name": "Message-ID", "Value": "<1@example.org>"}],
        "MessageID": "22c74902",
    }
    for _twice in range(2):
        assert hook(event, way="inbound") == 200
    assert list(
        Comment.objects.filter(author__email="ann@example.org").values_list("body", flat=True)
    ) == ["At night."]


def test_an_address_that_the_provider_refuses_is_closed(postmark, publish, ann, bo, send):
    comment(post=publish(ann), author=bo, body="Me too", now=clock.now())
    postmark.answers(
        says(
            422,
            {
                "ErrorCode": 406,
                "Message": "You tried to send to a recipient that has been marked as inactive.\nFound inactive addresses: ann@example.org.\nInactive recipients are ones that have generated a hard bounce or a spam complaint.",
            },
        )
    )
    assert send() == 0
    assert closed() == [("ann@example.org", "REFUSED")]


def test_a_mail_that_the_provider_cannot_take_stops_no_other(postmark, publish, ann, bo, pia, send):
    for author in (ann, pia):
        comment(post=publish(author), author=bo, body="Me too", now=clock.now())
    postmark.answers(says(422, {"ErrorCode": 300, "Message": "Invalid request"}), says(200, TAKEN))
    assert send() == 1
    assert set(Mail.objects.values_list("state", flat=True)) == {"SENT", "WAITING"}


@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_a_provider_that_takes_nothing_is_given_a_pause(
    postmark, publish, ann, bo, pia, send, status
):
    for author in (ann, pia):
        comment(post=publish(author), author=bo, body="Me too", now=clock.now())
    postmark.answers(says(status, {"ErrorCode": 10, "Message": "No"}))
    assert send() == 0
    assert len(postmark.got) == 1
    assert set(Mail.objects.values_list("state", flat=True)) == {"WAITING"}
    assert sending.send_due(now=clock.now()).sent == 0
