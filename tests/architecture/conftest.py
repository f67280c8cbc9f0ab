"""The world every address is tried in, and clients that try it in little time."""

from types import SimpleNamespace

import pytest
from django.template import engines
from django.test import Client
from django.views import defaults

from tests.world import world as world


@pytest.fixture
def plain_refusals(monkeypatch):
    """Say nothing where somebody is refused or nothing is: how those pages look is seen elsewhere, and half of all answers are one."""
    nothing = engines["django"].from_string("refused")
    monkeypatch.setattr(defaults, "loader", SimpleNamespace(get_template=lambda name: nothing))


@pytest.fixture
def anew():
    """Give a client with nothing but these cookies: ``anew(cookies)``. All of them share what a client makes at its first request."""
    first = {}

    def make(cookies, **options):
        client = Client(**options)
        client.handler = first.setdefault(str(options), client.handler)
        client.cookies.update(cookies)
        return client

    return make
