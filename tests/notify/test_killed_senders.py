"""A sender is killed while it sends: everyone gets at least one mail, and every copy of it has the same name.

The real thing, with kill -9 and a mail server beside: `make test-loopback` does it twenty times at 20,000 people, here
twice at some hundreds.
"""

import collections
import datetime as dt
import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings as site_settings
from django.db import connection

from feedback.accounts.models import User
from feedback.forum.models import Vote
from feedback.kernel import clock
from feedback.notify.models import Delivery, Mail, Notice
from tests.notify import smtp

KILLS = int(os.environ.get("HEED_TEST_KILLS", "2"))
PEOPLE = int(os.environ.get("HEED_TEST_PEOPLE", "500"))

#: A worker: tells and sends until nothing is left, with leases short enough to wait for.
WORKER = """
import datetime as dt, time
import django
from django.conf import settings
django.setup()
from feedback.journal import operations as journal
from feedback.kernel import clock
from feedback.notify.channels.email import queue, sending
settings.HAS_MAIL_SERVER = True
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", {port}, 5
settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
settings.DATABASES["default"].update(NAME={name!r})
journal.LEASE = sending.LEASE = dt.timedelta(seconds=1)
queue.GATHERED = dt.timedelta(0)
from feedback.journal.models import Dispatch
from feedback.notify.models import Delivery, Mail
print("ready", flush=True)
while True:
    now = clock.now()
    journal.deliver_due(now=now)
    sending.send_due(now=now)
    waits = Dispatch.objects.filter(state="WAITING").exists() or Delivery.objects.filter(mail=None).exists()
    if not waits and not Mail.objects.filter(state="WAITING").exists():
        break
    time.sleep(0.05)
"""


@pytest.fixture
def crowd(transactional_db, dark_mode):
    """Many people who want one thing."""
    people = User.objects.bulk_create(
        User(email=f"p{n}@example.org", display_name=f"P {n}", public_id=f"crowd{n:06d}")
        for n in range(PEOPLE)
    )
    now = clock.now()
    post = dark_mode.medoid
    Vote.objects.bulk_create(Vote(post=post, person=one, voted_at=now) for one in people)
    return people


def start(port):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.test_settings",
        "HEED_TEST_DATABASE": site_settings.TEST_DATABASE,
        "HEED_TEST_DIR": str(site_settings.TEST_DIR),
    }
    name = str(connection.settings_dict["NAME"])
    return subprocess.Popen(
        [sys.executable, "-c", WORKER.format(port=port, name=name)],
        env=environment,
        cwd=site_settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.django_db(transaction=True)
def test_every_person_is_told_once_however_often_the_sender_dies(crowd, item, dark_mode, pia):
    with smtp.running() as server:
        for kill in range(KILLS):
            worker = start(server.port)
            assert worker.stdout.readline() == "ready\n"
            wanted = len(server.mails) + max(3, PEOPLE // (4 * KILLS)) * min(kill, 1)
            until = time.monotonic() + 60
            while len(server.mails) <= wanted and time.monotonic() < until:
                time.sleep(0.01)
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        worker = start(server.port)
        assert worker.wait(timeout=600 + PEOPLE / 10) == 0
        arrived = collections.defaultdict(set)
        for address, mail in server.mails:
            arrived[address].add(mail["Message-ID"])
    told = Notice.objects.filter(key__startswith="item:")
    assert told.count() == told.values("person").distinct().count() == PEOPLE + 2
    everyone = {one.email for one in crowd} | {"ann@example.org", "bo@example.org"}
    assert arrived.keys() == everyone, "Everyone has at least one mail."
    assert {len(names) for names in arrived.values()} == {1}, "All copies have one Message-ID."
    assert not Delivery.objects.filter(mail=None).exists()
    assert set(Mail.objects.values_list("state", flat=True)) == {"SENT"}
    assert len(server.mails) - len(everyone) <= KILLS, "A kill sends one mail twice at most."


def test_the_short_leases_are_those_of_the_room():
    """The worker of this file shortens them by name."""
    from feedback.journal import operations as journal  # beside the sender, as the worker has both
    from feedback.notify.channels.email import queue, sending

    for lease in (journal.LEASE, sending.LEASE, queue.GATHERED):
        assert isinstance(lease, dt.timedelta)
