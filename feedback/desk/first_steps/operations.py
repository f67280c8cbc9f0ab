"""Putting the first steps away, and taking them out again."""

import datetime as dt

from django.db import transaction

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.forum.products.operations import default_product
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb


@by_manager
@transaction.atomic
def put_steps_away(*, away: bool, actor: User, now: dt.datetime) -> None:
    """Have the desk say no more of the first steps, or speak of them again."""
    journal.write(
        verb=Verb.FIRST_STEPS_PUT_AWAY if away else Verb.FIRST_STEPS_TAKEN_OUT,
        subject=default_product(now=now),
        actor_id=actor.pk,
        now=now,
    )
