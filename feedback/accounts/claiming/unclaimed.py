"""Whether imported authors are mailed before they have claimed their words: as the team says, and at first not."""

import datetime as dt

from django.db import transaction

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.journal import operations as journal
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb

_SAID = (Verb.UNCLAIMED_MAIL_ALLOWED, Verb.UNCLAIMED_MAIL_FORBIDDEN)


def may_be_mailed_unclaimed() -> bool:
    """Whether imported authors may be mailed at the address of their import before they claim their words."""
    said = Entry.objects.filter(verb__in=_SAID).order_by("-id").values_list("verb", flat=True)
    return said.first() == Verb.UNCLAIMED_MAIL_ALLOWED


@by_manager
@transaction.atomic
def let_unclaimed_be_mailed(*, allowed: bool, actor: User, now: dt.datetime) -> None:
    """Say whether imported authors are mailed before they claim; said twice it is said once."""
    if allowed != may_be_mailed_unclaimed():
        journal.write(
            verb=Verb.UNCLAIMED_MAIL_ALLOWED if allowed else Verb.UNCLAIMED_MAIL_FORBIDDEN,
            subject=actor,
            actor_id=actor.pk,
            now=now,
        )
