"""Who signs in otherwise from now on is mailed, in their own language; a mail server that is away stops no change."""

import re

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from django.core import mail
from django.test import RequestFactory

from feedback.accounts import changes

pytestmark = pytest.mark.django_db
PASSWORD, NEW = "a long enough word", "another long enough word"


@pytest.fixture
def mine(settings, client, ann):
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    EmailAddress.objects.create(user=ann, email=ann.email, verified=True, primary=True)
    ann.set_password(PASSWORD)
    ann.save()
    client.post("/accounts/login/", {"login": ann.email, "password": PASSWORD})
    mail.outbox.clear()
    return client


def change(client):
    said = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    return client.post("/accounts/password/change/", said)


def test_whose_password_changes_is_told_and_what_to_do(mine, ann):
    assert change(mine).status_code == 302
    (sent,) = mail.outbox
    assert sent.to == [ann.email]
    assert "Your password was changed." in sent.body
    assert "/accounts/password/reset/" in sent.body
    assert "was changed" in sent.subject


def test_a_mail_server_that_is_away_stops_no_change(mine, ann, monkeypatch):
    def away(*given, **named):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", away)
    assert change(mine).status_code == 302
    ann.refresh_from_db()
    assert ann.check_password(NEW)


def test_every_mail_of_the_sort_says_its_own_sentence(mine, ann):
    with request_context(RequestFactory().get("/")):
        for name in [*changes.SENTENCES, "some/later/mail"]:
            get_adapter().send_notification_mail(name, ann)
    firsts = [one.body.strip().splitlines()[0] for one in mail.outbox]
    assert firsts == [*map(str, changes.SENTENCES.values()), str(changes.OTHERWISE)]
    assert not re.search(r"\{|\}", "".join(one.body for one in mail.outbox))
