"""Moving an ask from stage to stage."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.asks.models import Ask
from feedback.asks.stages import Stage, check_allowed
from feedback.kernel.refusals import Refusal


@transaction.atomic
def set_stage(
    *, ask: Ask, stage: Stage | str, actor: User, now: dt.datetime, reason: str = ""
) -> Ask:
    """Set the stage of a public ask; no-op when it is there already.

    Raises `Refusal` for a stage that may not follow, an ask that is not public, or declining without a reason.
    The caller writes the journal entry: it knows why the stage changes.
    """
    ask = Ask.objects.select_for_update().get(pk=ask.pk)
    if ask.state != Ask.State.PUBLIC:
        raise Refusal(
            _("Confirm “%(title)s” first: only a confirmed ask can move on.") % {"title": ask.title}
        )
    if ask.stage == stage:
        return ask
    check_allowed(ask.stage, stage)
    reason = reason.strip()
    if stage == Stage.DECLINED and not reason:
        raise Refusal(_("Say why, in a sentence that everyone who asked may read."))
    ask.stage = Stage(stage)
    ask.stage_changed_at = now
    ask.decline_reason = reason if stage == Stage.DECLINED else ""
    if stage == Stage.DECLINED and ask.answered_at is None:
        ask.answered_at = now  # a refusal with its reason is an answer
    ask.save(update_fields=["stage", "stage_changed_at", "decline_reason", "answered_at"])
    return ask


def date_stage(*, ask: Ask, at: dt.datetime) -> None:
    """Say since when ``ask`` has its stage, when it came to it elsewhere, before it came here. What an import does."""
    Ask.objects.filter(pk=ask.pk, stage_changed_at__gt=at).update(stage_changed_at=at)
