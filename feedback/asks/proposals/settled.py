"""Who hears that a person settled a proposal, or took that back, where no decision says so.

Measuring is above this room and may not be imported here: it registers in ``AppConfig.ready`` what it does then, inside
the transaction of whoever speaks.
"""

import datetime as dt
from typing import Protocol

from feedback.accounts.models import User
from feedback.asks.models import Proposal


class Hear(Protocol):
    """Does what follows from ``state``, the word of ``actor`` on ``proposal``."""

    def __call__(
        self, proposal: Proposal, *, state: Proposal.State, actor: User, now: dt.datetime
    ) -> None: ...


_hearers: dict[str, Hear] = {}


def listen(name: str, hear: Hear) -> None:
    """Have ``hear`` called with each such word. Call in ``AppConfig.ready``."""
    _hearers[name] = hear


def tell(proposal: Proposal, *, state: Proposal.State, actor: User, now: dt.datetime) -> None:
    """Tell everybody who listens."""
    for hear in _hearers.values():
        hear(proposal, state=state, actor=actor, now=now)
