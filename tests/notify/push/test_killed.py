"""A sender is killed while push services hold its messages: every device gets at least one, and all copies are one message."""

import collections
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
from feedback.notify.channels.push import devices
from feedback.notify.models import Notice, Push, PushDelivery
from tests.notify.push.browsers import Browser

KILLS, PEOPLE = 2, 24

#: A worker: tells and sends until nothing is left, with leases short enough to wait for.
WORKER = """
import datetime as dt, time
import django
from django.conf import settings
django.setup()
from feedback.journal import operations as journal
from feedback.kernel import clock
from feedback.notify.channels.push import queue, sending
settings.OUTBOUND_ALLOW = ["127.0.0.1/32"]
settings.DATABASES["default"].update(NAME={name!r})
journal.LEASE = sending.LEASE = dt.timedelta(seconds=1)
queue.GATHERED = sending.GATHERED = dt.timedelta(0)
from feedback.journal.models import Dispatch
from feedback.notify.models import Push, PushDelivery
print("ready", flush=True)
while True:
    now = clock.now()
    journal.deliver_due(now=now)
    sending.send_due(now=now)
    waits = Dispatch.objects.filter(state="WAITING").exists() or PushDelivery.objects.filter(push=None).exists()
    if not waits and not Push.objects.filter(state="WAITING").exists():
        break
    time.sleep(0.05)
"""


def start():
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.test_settings",
        "HEED_TEST_DATABASE": site_settings.TEST_DATABASE,
        "HEED_TEST_DIR": str(site_settings.TEST_DIR),
    }
    name = str(connection.settings_dict["NAME"])
    return subprocess.Popen(
        [sys.executable, "-c", WORKER.format(name=name)],
        env=environment,
        cwd=site_settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.django_db(transaction=True)
def test_every_device_is_told_once_however_often_the_sender_dies(receiver, dark_mode, item, pia):
    now, browsers = clock.now(), {}
    for number in range(PEOPLE):
        person = User.objects.create(email=f"p{number}@example.org", public_id=f"crowd{number:06d}")
        Vote.objects.create(post=dark_mode.medoid, person=person, voted_at=now)
        browser = Browser(f"http://127.0.0.1:{receiver.port}/push/{number}")
        devices.turn_on(person=person, name="Firefox", now=now, **browser.says)
        browsers[f"/push/{number}"] = browser
    for kill in range(KILLS):
        worker = start()
        assert worker.stdout.readline() == "ready\n"
        wanted, until = len(receiver.got) + kill * 5, time.monotonic() + 60
        while len(receiver.got) <= wanted and time.monotonic() < until:
            time.sleep(0.005)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert start().wait(timeout=120) == 0
    arrived = collections.defaultdict(set)
    for request in list(receiver.got):
        arrived[request.path].add(browsers[request.path].read(request)["id"])
    assert arrived.keys() == browsers.keys(), "Every device has at least one."
    assert {len(ids) for ids in arrived.values()} == {1}, "All copies are one message."
    assert not PushDelivery.objects.filter(push=None).exists()
    assert set(Push.objects.values_list("state", flat=True)) == {"SENT"}
    told = Notice.objects.filter(key__startswith="item:")
    assert told.count() == told.values("person").distinct().count() == PEOPLE + 2
