"""Delivering, as the worker does."""

import datetime as dt

import pytest

from feedback.journal import operations as journal
from feedback.kernel import clock
from feedback.notify.channels.email import sending
from tests.notify import smtp


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
