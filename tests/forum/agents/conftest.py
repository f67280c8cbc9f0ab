"""An account that is a program."""

import pytest

from feedback.accounts.agents import make_agent


@pytest.fixture
def robo(ann, person, now):
    """An agent of Ann."""
    account = person("Robo")
    make_agent(account=account, human=ann, now=now)
    return account
