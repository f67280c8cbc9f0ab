"""An author appeals against a decision, once; somebody else of the team answers."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.forum.models import Ruling
from feedback.forum.moderation.cases import open_case
from feedback.forum.moderation.models import MAY_BE_APPEALED, WORD_LENGTH
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal

#: So long after a decision its author may appeal.
APPEAL_WITHIN = dt.timedelta(days=30)


def may_appeal(ruling: Ruling, person: User, *, now: dt.datetime) -> bool:
    """Whether ``person`` may appeal against ``ruling`` now: whom it concerns, once, while it stands."""
    return (
        ruling.case.author.pk == person.pk
        and ruling.action in MAY_BE_APPEALED
        and ruling.undone_at is None
        and ruling.appealed_at is None
        and now - ruling.made_at <= APPEAL_WITHIN
    )


def appeal(*, ruling: Ruling, person: User, words: str, now: dt.datetime) -> None:
    """Appeal against ``ruling``: a case is opened for it. Once, however many times at once: the empty column decides.

    Raises `PermissionDenied` for anybody else than whom it concerns, `Refusal` without words, for a second time, and
    when it was taken back or is too old.
    """
    if ruling.case.author.pk != person.pk:
        raise PermissionDenied
    words = typed.words(words, most=WORD_LENGTH)
    if not words:
        raise Refusal(_("Say in a sentence why the decision was wrong."), status=422)
    if not may_appeal(ruling, person, now=now):
        raise Refusal(_("You cannot appeal against this, or you have done so already."))
    with transaction.atomic():
        case = open_case(ruling.case.subject, now=now)
        is_first = Ruling.objects.filter(pk=ruling.pk, appealed_at=None, undone_at=None).update(
            appealed_at=now, appeal=words, appeal_case=case
        )
        if not is_first:
            raise Refusal(_("You cannot appeal against this, or you have done so already."))
        journal.write(
            verb=Verb.APPEALED,
            subject=case.comment.post if case.comment is not None else case.subject,
            actor_id=person.pk,
            now=now,
            data={"ruling": ruling.public_id, "case": case.public_id},
        )
