"""Several workers send at the same moment: each message goes once, in order, and no room is sent more than it allows."""

from typing import Any

import pytest

from feedback.kernel import clock
from feedback.notify.channels.webhook import sending
from feedback.notify.models import WebhookDelivery
from tests.receiver import says
from tests.roadmap.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MESSAGES = 12


def waiting(endpoint: Any) -> list[str]:
    """Have trials wait for an endpoint; return their ids in order."""
    now = clock.now()
    rows = [endpoint.deliveries.create(made_at=now, due_at=now) for _ in range(MESSAGES)]
    return [row.public_id for row in rows]


def send() -> int:
    return sum(sending.send_due() for _ in range(3))


def test_four_workers_send_each_message_once_and_in_order(endpoint, receiver):
    ids = waiting(endpoint)
    outcomes = at_once(*[send] * 4)
    assert sum(outcomes) == MESSAGES
    assert [request.headers["webhook-id"] for request in receiver.got] == ids
    assert not WebhookDelivery.objects.exclude(state="DONE").exists()


def test_four_workers_keep_the_pace_of_a_room(endpoint_at, receiver):
    receiver.answers(says(200, {"errcode": 0}))
    waiting(endpoint_at(receiver, kind="WECOM"))
    assert sum(at_once(*[send] * 4)) == len(receiver.got) == 1
