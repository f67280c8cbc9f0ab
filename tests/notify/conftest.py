"""Delivering, as the worker does."""

import datetime as dt

import pytest

from feedback.forum.comments.operations import comment
from feedback.journal import operations as journal
from feedback.kernel import clock
from feedback.notify.channels.email import sending
from feedback.notify.mailbox import polling
from feedback.notify.models import ArrivedMail
from tests.notify import imap, smtp


@pytest.fixture
def deliver(db):
    """Deliver what is due; return how many entries went out."""

    def run():
        total = 0
        while delivered := journal.deliver_due(now=clock.now()):
            total += delivered
        return total

    return run


@pytest.fixture
def server(settings, db):
    """A mail server that the site is set up with."""
    with smtp.running() as running:
        settings.HAS_MAIL_SERVER = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = 5
        yield running


@pytest.fixture
def send(frozen, deliver):
    """Let time pass and send what is due; return how many mails left."""

    def run(after=dt.timedelta(minutes=3)):
        deliver()
        frozen.shift(after)
        return sending.send_due(now=clock.now()).sent

    return run


@pytest.fixture
def mailbox(settings, server):
    """A mailbox for replies that the site is set up with, beside a mail server."""
    with imap.running() as running:
        settings.MAIL_IN = {
            "host": "127.0.0.1",
            "port": running.port,
            "starts_tls": False,
            "is_tls": False,
            "user": "reply@heed.example",
            "password": running.password,
            "folder": "INBOX",
        }
        settings.MAIL_IN_ADDRESS = "reply@heed.example"
        yield running


@pytest.fixture
def told_of(mailbox, server, publish, ann, bo, send):
    """Have Bo comment on Ann's post; return the post and the mail that Ann gets."""
    post = publish(ann, "Dark mode")
    comment(post=post, author=bo, body="Me too", now=clock.now())
    send()
    (mail,) = server.to("ann@example.org")
    return post, mail


@pytest.fixture
def look(mailbox):
    """Look into the mailbox; return what came of the mails that were read, in their order."""

    def run():
        before = list(ArrivedMail.objects.values_list("pk", flat=True))
        polling.look(now=clock.now())
        new = ArrivedMail.objects.exclude(pk__in=before).order_by("pk")
        return list(new.values_list("outcome", flat=True))

    return run
