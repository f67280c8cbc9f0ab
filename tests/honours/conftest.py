"""What the tests of trust and honours share."""

import datetime as dt

import pytest

from feedback.accounts.models import Standing
from feedback.accounts.outcomes import counting
from feedback.accounts.trust import trust_of
from feedback.honours import marking
from feedback.honours.models import Honour
from feedback.honours.operations import keep_honour
from feedback.kernel import clock


@pytest.fixture
def count(db):
    """Count what came of what people did, as the worker does; return the outcomes of ``person`` by their kind."""

    def run(person=None):
        counting.reconcile(fix=True)
        marking.reconcile(fix=True)
        assert not counting.reconcile(fix=False)
        assert not marking.reconcile(fix=False)
        found = Standing.objects.filter(person=person).first()
        return found.counts if found is not None else {}

    return run


@pytest.fixture
def level(now):
    """The level of ``person`` a week after they came, or so many days later."""

    def read(person, *, days=7):
        return trust_of(person, now=now + dt.timedelta(days=days))

    return read


@pytest.fixture
def testers(pia):
    """An honour of the team: ring testers."""
    named = {"name": "Ring testers", "name_zh": "内测先锋", "description": "They try it first."}
    return keep_honour(honour=Honour(**named, sign="ring"), actor=pia, now=clock.now())
