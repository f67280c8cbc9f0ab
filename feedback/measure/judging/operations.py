"""A person's word on a sampled piece of the machine's work. It measures; it moves nothing."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager, by_team
from feedback.asks.decisions.pairs import say_together
from feedback.asks.decisions.shape import move_post
from feedback.asks.models import Decision
from feedback.kernel.refusals import Refusal
from feedback.measure.judging.queries import Case
from feedback.measure.models import Judgement

#: How long a slip of the finger may be taken back.
TAKE_BACK_WITHIN = dt.timedelta(hours=1)


@by_team
def judge(*, case: Case, verdict: str, person: User, now: dt.datetime) -> Judgement:
    """Write down what ``person`` says of ``case``; one word a case, for ever.

    Raises `Refusal` when somebody was quicker, and `ValueError` for a verdict that is none. The row is its
    own record: it says who and when, and changes nothing that the journal would have to tell of.
    """
    if verdict not in Judgement.Verdict.values:
        raise ValueError(f"{verdict!r} is no verdict.")
    try:
        with transaction.atomic():
            return Judgement.objects.create(
                kind=case.kind,
                verdict=verdict,
                post=case.post,
                other_post=case.other_post,
                ask=case.ask,
                score=case.score,
                model_key=case.model_key,
                language=_language_of(case),
                person=person,
                judged_at=now,
            )
    except IntegrityError:
        raise Refusal(_("Somebody has judged this already. Here is another.")) from None


def _language_of(case: Case) -> str:
    """Return the language a case counts for; empty for a pair of two languages, which counts for all alone."""
    other = case.other_post
    is_mixed = other is not None and other.language != case.post.language
    return "" if is_mixed else case.post.language


def take_back(*, person: User, now: dt.datetime) -> Judgement | None:
    """Forget the last word of ``person``, within `TAKE_BACK_WITHIN`; return what it was, or None.

    Raises `PermissionDenied` for who judges nowhere.
    """
    if not (person.is_moderator or person.is_part_manager):
        raise PermissionDenied
    with transaction.atomic():
        last = (
            Judgement.objects.select_for_update()
            .filter(person=person, judged_at__gte=now - TAKE_BACK_WITHIN)
            .order_by("-id")
            .first()
        )
        if last is not None:
            Judgement.objects.filter(pk=last.pk).delete()
    return last


@by_manager
def follow_up(*, judgement: Judgement, actor: User, now: dt.datetime) -> Decision:
    """Decide what a judgement found: the post leaves the ask it is wrong in, joins the one it nearly joined, or the
    two are said together.

    Raises `Refusal` when the judgement found nothing to change, or when the world has moved on.
    """
    if judgement.kind == Judgement.Kind.PAIR:
        if judgement.verdict != Judgement.Verdict.SAME or judgement.other_post is None:
            raise Refusal(_("Nobody said that these two ask for the same."))
        return say_together(post=judgement.post, other=judgement.other_post, actor=actor, now=now)
    held = getattr(judgement.post, "membership", None)
    if judgement.kind == Judgement.Kind.CANDIDATE:
        if judgement.verdict != Judgement.Verdict.SAME or held is not None:
            raise Refusal(_("The post has an ask by now."))
        return move_post(post=judgement.post, to=judgement.ask, actor=actor, now=now)
    if judgement.verdict != Judgement.Verdict.OTHER or held is None or held.ask != judgement.ask:
        raise Refusal(_("The post is not in this ask any more."))
    return move_post(post=judgement.post, to=None, actor=actor, now=now)
