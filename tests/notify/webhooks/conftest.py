"""Endpoints at a real receiver on 127.0.0.1, and the worker that sends to them."""

from collections.abc import Callable
from typing import Any

import pytest

from feedback.kernel import clock, outbound
from feedback.notify.channels.webhook import sending
from feedback.notify.channels.webhook.operations import Wish, add_endpoint
from feedback.notify.happenings import Group
from feedback.notify.models import Endpoint
from tests.receiver import Receiver

ALL = [group.value for group in Group]


@pytest.fixture
def endpoint_at(pia: Any, now: Any) -> Callable[..., Endpoint]:
    """Add an endpoint: ``endpoint_at(receiver, kind="SLACK", groups=["POSTS"])``."""

    def add(receiver: Receiver, **said: Any) -> Endpoint:
        said = {"kind": "STANDARD", "groups": ALL, "language": "en", "name": "Ours"} | said
        kind = said.pop("kind")
        wish = Wish(address=receiver.url, **said)
        return add_endpoint(kind=kind, wish=wish, actor=pia, now=clock.now())

    return add


@pytest.fixture
def endpoint(endpoint_at: Callable[..., Endpoint], receiver: Receiver) -> Endpoint:
    """An endpoint that takes everything, at `receiver`."""
    return endpoint_at(receiver)


@pytest.fixture
def send(deliver: Callable[[], int]) -> Callable[[], int]:
    """Do what the worker does once: deliver the journal, then send what is due; return how many arrived."""

    def run() -> int:
        deliver()
        return sending.send_due()

    return run


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give an exchange a third of a second."""
    post = outbound.post
    monkeypatch.setattr(outbound, "post", lambda url, **more: post(url, **more, seconds=0.3))
