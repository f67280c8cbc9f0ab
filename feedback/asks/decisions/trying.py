"""What a join would bring, before anybody decides it."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from feedback.accounts.models import User
from feedback.asks.decisions.shape import join_asks
from feedback.asks.models import Ask
from feedback.kernel.refusals import Refusal


@dataclass(frozen=True)
class JoinTried:
    """How ``into`` would stand with ``ask`` in it; ``refusal`` says why it cannot be, "" where it can."""

    ask: Ask
    into: Ask
    people: int = 0
    posts: int = 0
    is_answered: bool = False
    refusal: str = ""

    @property
    def twice(self) -> int:
        """How many people are behind both."""
        return max(0, self.ask.people_count + self.into.people_count - self.people)


def try_join(*, ask: Ask, into: Ask, actor: User, now: dt.datetime) -> JoinTried:
    """Join ``ask`` into ``into``, look, and take it back: nothing of it stays, and nobody is told."""
    try:
        with transaction.atomic():
            join_asks(ask=ask, into=into, actor=actor, now=now)
            joined = Ask.objects.get(pk=into.pk)
            transaction.set_rollback(True)
    except Refusal as why:
        return JoinTried(ask, into, refusal=str(why))
    return JoinTried(
        ask, into, joined.people_count, joined.post_count, joined.answered_at is not None
    )
