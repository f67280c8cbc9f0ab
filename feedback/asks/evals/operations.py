"""Keeping how a release did with the prompts of an ask, and saying who reads it."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks.models import Ask, EvalResult
from feedback.asks.models.evals import VERSION_LENGTH
from feedback.forum.models import Post
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal


def evals_of(ask: Ask) -> QuerySet[EvalResult]:
    """Return how releases did with the prompts of ``ask``, what was brought last first."""
    return EvalResult.objects.filter(ask=ask)


def posts_with_prompts(ask: Ask) -> QuerySet[Post]:
    """Return the published posts of ``ask`` that carry a prompt."""
    return Post.objects.filter(
        membership__ask=ask, state=Post.State.PUBLISHED, prompt__isnull=False
    )


@by_manager
@transaction.atomic
def bring_result(
    *, ask: Ask, version: str, passed: int, total: int, actor: User, now: dt.datetime
) -> EvalResult:
    """Keep that ``version`` passed so many of ``total`` prompts of ``ask``, in place of what was brought of it before.

    It stands publicly where the others of the ask do. Raises `Refusal` for numbers that cannot be, and without a release.
    """
    version = typed.line(version, most=VERSION_LENGTH)
    if not version:
        raise Refusal(_("Say of which release."), status=422)
    if not total > 0 or not 0 <= passed <= total:
        raise Refusal(_("More passed than there are. Look at the two numbers."), status=422)
    Ask.objects.select_for_update().get(pk=ask.pk)
    is_public = EvalResult.objects.filter(ask=ask, is_public=True).exists()
    before = EvalResult.objects.filter(ask=ask, version=version).first()
    kept, _is_new = EvalResult.objects.update_or_create(
        ask=ask,
        version=version,
        defaults={
            "passed": passed,
            "total": total,
            "brought_by": actor,
            "brought_at": now,
            "is_public": is_public,
        },
    )
    journal.write(
        verb=Verb.EVAL_BROUGHT,
        subject=ask,
        actor_id=actor.pk,
        now=now,
        data={
            "ask": ask.public_id,
            "version": version,
            "passed": passed,
            "total": total,
            "before": [before.passed, before.total] if before is not None else [],
        },
    )
    return kept


@by_manager
@transaction.atomic
def show_results(*, ask: Ask, wanted: bool, actor: User, now: dt.datetime) -> bool:
    """Show everybody how releases did with the prompts of ``ask``, or the team alone; return whether that changed anything."""
    others = EvalResult.objects.filter(ask=ask).exclude(is_public=wanted)
    if not others.update(is_public=wanted):
        return False
    journal.write(
        verb=Verb.EVALS_SHOWN if wanted else Verb.EVALS_KEPT_IN,
        subject=ask,
        actor_id=actor.pk,
        now=now,
        data={"ask": ask.public_id},
    )
    return True
