"""Browsers with news turned on, at a real push service on 127.0.0.1."""

import datetime as dt

import pytest

from feedback.kernel import clock
from feedback.notify.channels.push import devices, sending
from tests.notify.push.browsers import Browser


@pytest.fixture
def browser_of(receiver):
    """Turn news on for a person: ``browser_of(ann)``; gives their browser, whose ``device`` is ours of it."""
    made = []

    def turn_on(person, at=None):
        browser = Browser(f"http://127.0.0.1:{(at or receiver).port}/push/{len(made)}")
        made.append(browser)
        name = "Firefox · Android"
        browser.device = devices.turn_on(person=person, name=name, now=clock.now(), **browser.says)
        return browser

    return turn_on


@pytest.fixture
def push(frozen, deliver):
    """Let time pass and send what is due; return how many messages were taken."""

    def run(after=dt.timedelta(minutes=1)):
        deliver()
        frozen.shift(after)
        return sending.send_due(now=clock.now()).sent

    return run


@pytest.fixture
def got(receiver):
    """What arrived for a browser, read by it: ``got(browser)``."""

    def of(browser):
        path = browser.endpoint.rpartition(str(receiver.port))[2]
        return [browser.read(request) for request in receiver.got if request.path == path]

    return of
