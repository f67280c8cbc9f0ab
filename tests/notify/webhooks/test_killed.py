"""A worker of its own process is killed while the other side has the message and has not answered yet."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.processes import ROOT, command, environment, on_sqlite
from tests.receiver import Receiver, says

pytestmark = [pytest.mark.own_database, on_sqlite]

SET_UP = """
import django; django.setup()
from feedback.accounts.models import User
from feedback.forum.models import Board
from feedback.forum.posts.operations import publish_post
from feedback.kernel import clock
from feedback.notify.channels.webhook.operations import Wish, add_endpoint
pia = User.objects.create_user("pia@example.org", "a long password", role="MANAGER")
wish = Wish(name="Ours", address={url!r}, groups=["POSTS"], language="en")
add_endpoint(kind="STANDARD", wish=wish, actor=pia, now=clock.now())
board = Board.objects.filter(posters="MEMBERS").first()
publish_post(author=pia, board=board, kind="SUGGESTION", title="Dark mode", body="", now=clock.now())
"""
#: What a minute does: what the killed worker held is free.
A_MINUTE_LATER = """
import django; django.setup()
from feedback.kernel import clock
from feedback.notify.models import Endpoint, WebhookDelivery
assert WebhookDelivery.objects.get().state == "WAITING"
WebhookDelivery.objects.update(leased_until=None)
Endpoint.objects.update(free_at=clock.now())
"""
HOW_IT_IS = """
import django; django.setup()
from feedback.notify.models import WebhookDelivery
print(WebhookDelivery.objects.get().state)
"""
PATIENCE = 60


def wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < until, "It never happened."
        time.sleep(0.1)


def test_what_was_sent_and_not_noted_is_sent_again_under_the_same_id(
    site: Path, start: Callable[..., "subprocess.Popen[str]"], receivers: Callable[[], Receiver]
) -> None:
    receiver = receivers()
    env = environment(site, HEED_OUTBOUND_ALLOW="127.0.0.1")

    def run(code: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=env | {"DJANGO_SETTINGS_MODULE": "config.settings"},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    run(SET_UP.format(url=receiver.url))
    receiver.answers(receiver.waits)
    worker = start(command("worker"), env=env)
    wait_for(lambda: len(receiver.got) == 1)
    worker.kill()
    worker.wait()
    run(A_MINUTE_LATER)
    receiver.answers(says(200))
    start(command("worker"), env=env)
    wait_for(lambda: len(receiver.got) == 2)
    wait_for(lambda: run(HOW_IT_IS) == "DONE")
    first, second = receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.json() == second.json()
