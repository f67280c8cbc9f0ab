"""Changing what was said: an answer is edited, withdrawn and brought back, a public reason is worded anew."""

import datetime as dt

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks import holders
from feedback.asks.coverage import forget_summaries
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Answer, Ask
from feedback.asks.models.asks import ANSWER_LENGTH, REASON_LENGTH
from feedback.asks.queries import resolve, sources_of
from feedback.asks.stages import Stage
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal
from feedback.kernel.stale import refuse_stale

#: How long an edit and a withdrawal can be taken back.
UNDO_WITHIN = dt.timedelta(days=1)


@by_manager
@transaction.atomic
def edit_answer(
    *,
    answer: Answer,
    body: str,
    actor: User,
    now: dt.datetime,
    body_zh: str = "",
    tell: bool = False,
    seen: str | None = None,
) -> Answer:
    """Give an answer other words; with ``tell`` everyone behind the ask is told again, once. Raises `Refusal`.

    The same words change nothing and tell nobody. ``seen`` is the mark of the words that the actor began with: raises
    `StaleEdit` where they are others now. Holds the answer's row.
    """
    answer = _held(answer)
    body = typed.words(body, most=ANSWER_LENGTH)
    body_zh = typed.words(body_zh, most=ANSWER_LENGTH)
    if not body:
        raise Refusal(_("Write an answer first."))
    before = answer.words
    refuse_stale(before, seen=seen)
    if before == {"body": body, "body_zh": body_zh}:
        return answer
    answer.body, answer.body_zh = body, body_zh
    answer.edited_at, answer.said_before = now, before
    answer.told_again += tell
    answer.save(update_fields=["body", "body_zh", "edited_at", "said_before", "told_again"])
    _write(Verb.ANSWER_EDITED, answer, actor, now, before=before, after=answer.words, tells=tell)
    return answer


@by_manager
@transaction.atomic
def withdraw_answer(*, answer: Answer, actor: User, now: dt.datetime) -> Answer:
    """Take an answer off every page; who was not told yet is not told. Raises `Refusal` when it is withdrawn already."""
    answer = _held(answer)
    answer.withdrawn_at = now
    answer.save(update_fields=["withdrawn_at"])
    _write(Verb.ANSWER_WITHDRAWN, answer, actor, now, before=answer.words)
    _count_anew(answer)
    return answer


@by_manager
@transaction.atomic
def undo_answer(*, answer: Answer, actor: User, now: dt.datetime) -> Answer:
    """Bring a withdrawn answer back, or put the words before the last edit back; nobody is told. Raises `Refusal`."""
    answer = Answer.objects.select_for_update().select_related("ask").get(pk=answer.pk)
    if not may_undo(answer, now=now):
        raise Refusal(_("This was said more than a day ago. Edit the answer instead."))
    if answer.withdrawn_at is None:
        answer.body, answer.body_zh = answer.said_before["body"], answer.said_before["body_zh"]
        answer.said_before, answer.edited_at = {}, now
        answer.save(update_fields=["body", "body_zh", "said_before", "edited_at"])
    else:
        answer.withdrawn_at = None
        answer.save(update_fields=["withdrawn_at"])
        _count_anew(answer)
    _write(Verb.ANSWER_BROUGHT_BACK, answer, actor, now, after=answer.words)
    return answer


def may_undo(answer: Answer, *, now: dt.datetime) -> bool:
    """Whether the last change of ``answer`` can still be taken back."""
    changed_at = answer.withdrawn_at or (answer.edited_at if answer.said_before else None)
    return changed_at is not None and now - changed_at <= UNDO_WITHIN


def withdrawn_lately(ask: Ask, *, now: dt.datetime) -> list[Answer]:
    """Return the answers to ``ask`` that can still be brought back."""
    gone = Answer.objects.filter(ask__in=sources_of([ask.pk]), withdrawn_at__isnull=False)
    return list(gone.filter(withdrawn_at__gte=now - UNDO_WITHIN).select_related("author"))


@by_manager
@transaction.atomic
def edit_reason(
    *,
    ask: Ask,
    reason: str,
    actor: User,
    now: dt.datetime,
    tell: bool = False,
    seen: str | None = None,
) -> Ask:
    """Word the public reason of a declined ask anew; with ``tell`` everyone behind it is told again, once.

    The same reason changes nothing. Raises `StaleEdit` where it is not the one of the mark ``seen``, and `Refusal` for an ask that is not declined, and one that another room leads.
    """
    hold_grouping()
    ask = Ask.objects.select_for_update().get(pk=ask.pk)
    holders.refuse(ask)
    reason = typed.words(reason, most=REASON_LENGTH)
    if ask.stage != Stage.DECLINED:
        raise Refusal(_("“%(title)s” is not declined.") % {"title": ask.title})
    if not reason:
        raise Refusal(_("Say why, in a sentence that everyone who asked may read."))
    before = ask.decline_reason
    refuse_stale({"reason": before}, seen=seen)
    if before == reason:
        return ask
    ask.decline_reason = reason
    ask.save(update_fields=["decline_reason"])
    journal.write(
        verb=Verb.DECLINE_REASON_EDITED,
        subject=ask,
        actor_id=actor.pk,
        now=now,
        data={
            "title": ask.title,
            "ask": ask.public_id,
            "before": before,
            "reason": reason,
            "tells": tell,
        },
    )
    return ask


def _held(answer: Answer) -> Answer:
    answer = Answer.objects.select_for_update().select_related("ask").get(pk=answer.pk)
    if answer.withdrawn_at is not None:
        raise Refusal(_("This answer was withdrawn meanwhile."))
    return answer


def _write(verb: Verb, answer: Answer, actor: User, now: dt.datetime, **more: object) -> None:
    ask = resolve(answer.ask)
    known = {"title": ask.title, "ask": ask.public_id, "answer": answer.public_id}
    again = {"time": answer.told_again}
    journal.write(verb=verb, subject=ask, actor_id=actor.pk, now=now, data=known | again | more)


def _count_anew(answer: Answer) -> None:
    """Say anew since when the answer's ask, and what it was joined into, is answered."""
    for ask in {answer.ask, resolve(answer.ask)}:
        standing = Answer.objects.standing().filter(ask__in=sources_of([ask.pk]))
        first = standing.aggregate(at=Min("answered_at"))["at"]
        if first is None and ask.stage == Stage.DECLINED:
            first = ask.stage_changed_at
        Ask.objects.filter(pk=ask.pk).update(answered_at=first)
    transaction.on_commit(forget_summaries)
