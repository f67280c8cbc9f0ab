"""Speaking to everyone behind an ask."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks import holders
from feedback.asks.coverage import forget_summaries
from feedback.asks.decisions.recording import fresh
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Answer, Ask
from feedback.asks.models.asks import ANSWER_LENGTH, REASON_LENGTH
from feedback.asks.stages import Stage
from feedback.asks.staging import set_stage
from feedback.asks.voting import post_standing_for
from feedback.forum.comments.operations import lift
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal

#: The same words by the same person within this time are one answer: the button was pressed twice.
SENT_TWICE_WITHIN = dt.timedelta(minutes=2)


@by_manager
@transaction.atomic
def answer_ask(
    *,
    ask: Ask,
    body: str,
    actor: User,
    now: dt.datetime,
    body_zh: str = "",
    given_at: dt.datetime | None = None,
) -> Answer:
    """Give an official answer; everyone behind the ask is told, and the post that stands for it is lifted. Raises `Refusal`.

    ``body_zh`` says the same to who reads Chinese, where it is not empty. ``given_at`` is when it was given elsewhere: what
    an import brings. Sent twice within `SENT_TWICE_WITHIN` it is given once: the second time returns the first answer and tells nobody. Holds the ask's row, so two requests at once come one after the other.
    """
    # The post before the ask: whoever votes takes them in that order.
    if (post := post_standing_for(ask)) is not None:
        lift(post, at=given_at or now)
    ask = _held(ask)
    body = typed.words(body, most=ANSWER_LENGTH)
    body_zh = typed.words(body_zh, most=ANSWER_LENGTH)
    if not ask.is_public:
        raise Refusal(
            _("Confirm “%(title)s” first: an answer goes to a confirmed ask.")
            % {"title": ask.title}
        )
    if not body:
        raise Refusal(_("Write an answer first."))
    given = (
        Answer.objects.standing()
        .filter(ask=ask, author=actor, body=body, answered_at__gte=now - SENT_TWICE_WITHIN)
        .first()
    )
    if given is not None:
        return given
    given_at = given_at or now
    answer = Answer.objects.create(
        ask=ask, author=actor, body=body, body_zh=body_zh, answered_at=given_at
    )
    Ask.objects.filter(pk=ask.pk, answered_at__isnull=True).update(answered_at=given_at)
    journal.write(
        verb=Verb.ASK_ANSWERED,
        subject=ask,
        actor_id=actor.pk,
        now=now,
        data={"title": ask.title, "ask": ask.public_id, "answer": answer.public_id},
    )
    transaction.on_commit(forget_summaries)
    return answer


@by_manager
@transaction.atomic
def decline_ask(*, ask: Ask, reason: str, actor: User, now: dt.datetime) -> Ask:
    """Decline an ask with a public reason; everyone behind it is told, once.

    Declining again for the same reason changes nothing. Raises `Refusal` when it is declined for another
    reason, which everyone has read by now, and when another room leads the ask (see `guards`), and what
    `set_stage` raises. Holds the ask's row.
    """
    ask = _held(ask)
    holders.refuse(ask)
    reason = typed.words(reason, most=REASON_LENGTH)
    if ask.stage == Stage.DECLINED:
        if ask.decline_reason == reason:
            return ask
        raise Refusal(
            _("“%(title)s” is declined already, for another reason. Reopen it first.")
            % {"title": ask.title}
        )
    ask = set_stage(ask=ask, stage=Stage.DECLINED, actor=actor, now=now, reason=reason)
    journal.write(
        verb=Verb.ASK_DECLINED,
        subject=ask,
        actor_id=actor.pk,
        now=now,
        data={"title": ask.title, "ask": ask.public_id, "reason": ask.decline_reason},
    )
    return ask


@by_manager
@transaction.atomic
def reopen_ask(*, ask: Ask, actor: User, now: dt.datetime) -> Ask:
    """Put a declined ask back under review; no-op when it is there already.

    Raises `Refusal` for an ask at another stage and for one that another room leads (see `guards`).
    """
    ask = _held(ask)
    holders.refuse(ask)
    if ask.stage == Stage.UNDER_REVIEW:
        return ask
    if ask.stage != Stage.DECLINED:
        raise Refusal(_("“%(title)s” is not declined.") % {"title": ask.title})
    ask = set_stage(ask=ask, stage=Stage.UNDER_REVIEW, actor=actor, now=now)
    journal.write(
        verb=Verb.ASK_REOPENED,
        subject=ask,
        actor_id=actor.pk,
        now=now,
        data={"title": ask.title, "ask": ask.public_id},
    )
    return ask


def _held(ask: Ask) -> Ask:
    """Return ``ask`` as it is now, it and its posts held until the transaction ends; raises `Refusal`."""
    hold_grouping()
    Ask.objects.select_for_update().get(pk=ask.pk)
    return fresh(ask)
