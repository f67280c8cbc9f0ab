"""Delivering, as the worker does."""

import pytest

from feedback.journal import operations as journal
from feedback.kernel import clock


@pytest.fixture
def deliver(db):
    """Deliver what is due; return how many entries went out."""

    def run():
        total = 0
        while delivered := journal.deliver_due(now=clock.now()):
            total += delivered
        return total

    return run
