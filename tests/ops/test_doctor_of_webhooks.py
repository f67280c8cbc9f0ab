"""What doctor says of webhooks: how many wait, how many were given up, which fail."""

import datetime as dt
from typing import Any

import pytest

from feedback.kernel import clock
from feedback.notify.models import Endpoint
from feedback.ops.doctor.finding import Level
from feedback.ops.doctor.work import webhooks

pytestmark = pytest.mark.django_db


@pytest.fixture
def endpoint() -> Endpoint:
    now = clock.now()
    said: dict[str, Any] = {"name": "Ours", "kind": "SLACK", "address": "https://8.8.8.8/"}
    return Endpoint.objects.create(**said, language="en", made_at=now, free_at=now)


def sent(endpoint: Endpoint, state: str) -> None:
    endpoint.deliveries.create(state=state, made_at=clock.now(), due_at=clock.now())


def test_nothing_waits(endpoint: Endpoint) -> None:
    assert (webhooks().level, webhooks().words) == (Level.PASS, "0 wait, 0 were given up")


def test_what_waits_is_no_worry_and_what_was_given_up_is(endpoint: Endpoint) -> None:
    sent(endpoint, "WAITING")
    assert (webhooks().level, webhooks().words) == (Level.PASS, "1 wait, 0 were given up")
    sent(endpoint, "DEAD")
    assert webhooks().level is Level.WARN
    assert "1 wait, 1 were given up" in webhooks().words


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"failing_since": dt.datetime(2026, 3, 1, tzinfo=dt.UTC)}, "1 failing, 0 switched off"),
        ({"off": "FAILING"}, "0 failing, 1 switched off"),
        ({"off": "GONE"}, "0 failing, 1 switched off"),
    ],
)
def test_an_endpoint_that_fails_is_told(endpoint: Endpoint, change: Any, said: str) -> None:
    Endpoint.objects.update(**change)
    assert webhooks().level is Level.WARN
    assert said in webhooks().words


def test_one_that_somebody_switched_off_is_no_worry(endpoint: Endpoint) -> None:
    Endpoint.objects.update(off="BY_HAND")
    assert webhooks().level is Level.PASS
