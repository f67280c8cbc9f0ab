"""Speaking to everyone behind an ask."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.insight.models import Answer, Ask
from feedback.insight.operations.recording import NotPossible, fresh
from feedback.insight.operations.staging import set_stage
from feedback.insight.stages import Stage
from feedback.journal import operations as journal


@transaction.atomic
def answer_ask(*, ask: Ask, body: str, actor: User, now: dt.datetime) -> Answer:
    """Give an official answer; everyone behind the ask is told. Raises `NotPossible`."""
    ask = fresh(ask)
    body = body.strip()
    if not ask.is_public:
        raise NotPossible(
            _("Confirm “%(title)s” first: an answer goes to a confirmed ask.")
            % {"title": ask.title}
        )
    if not body:
        raise NotPossible(_("Write an answer first."))
    answer = Answer.objects.create(ask=ask, author=actor, body=body[:10_000], answered_at=now)
    Ask.objects.filter(pk=ask.pk, answered_at__isnull=True).update(answered_at=now)
    journal.write(
        verb="insight.ask-answered",
        subject=ask,
        actor_id=actor.pk,
        now=now,
        data={"title": ask.title, "ask": ask.public_id, "answer": answer.public_id},
    )
    return answer


@transaction.atomic
def decline_ask(*, ask: Ask, reason: str, actor: User, now: dt.datetime) -> Ask:
    """Decline an ask with a public reason; everyone behind it is told. Raises `NotPossible`."""
    ask = set_stage(ask=fresh(ask), stage=Stage.DECLINED, actor=actor, now=now, reason=reason)
    Ask.objects.filter(pk=ask.pk, answered_at__isnull=True).update(answered_at=now)
    journal.write(
        verb="insight.ask-declined",
        subject=ask,
        actor_id=actor.pk,
        now=now,
        data={"title": ask.title, "ask": ask.public_id, "reason": ask.decline_reason},
    )
    return ask


@transaction.atomic
def reopen_ask(*, ask: Ask, actor: User, now: dt.datetime) -> Ask:
    """Put a declined ask back under review."""
    ask = set_stage(ask=fresh(ask), stage=Stage.UNDER_REVIEW, actor=actor, now=now)
    journal.write(
        verb="insight.ask-reopened",
        subject=ask,
        actor_id=actor.pk,
        now=now,
        data={"title": ask.title, "ask": ask.public_id},
    )
    return ask
