"""Inviting, withdrawing an invitation, coming by one, and what the owner asks of whoever signs up."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from feedback.accounts.joining import queries
from feedback.accounts.joining.doors import Doors, doors, forget_doors, said_by_environment
from feedback.accounts.joining.models import (
    NOTE_LENGTH,
    Invitation,
    Invited,
    JoiningWishes,
    QuizQuestion,
    Way,
)
from feedback.accounts.models import Origin, User
from feedback.accounts.permissions import by_administrator, by_manager, is_moderator
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal
from feedback.kernel.stale import refuse_stale, words_of

WORKS_FOR = dt.timedelta(days=30)
MOST_PEOPLE = 500
#: What the desk changes of a question of the quiz.
QUESTION_EDITED = ("text", "right", "wrong", "text_zh", "right_zh", "wrong_zh", "position")


def invite(*, person: User, now: dt.datetime, note: str = "", most: int = 1) -> Invitation:
    """Make a link by which ``most`` people may sign up; members invite one each, as many as they are trusted with.

    Raises `Refusal` where that is used up or nobody may sign up. Lock contract: the person's row.
    """
    if not person.is_active or person.origin != Origin.SIGNED_UP:
        raise PermissionDenied
    if not 1 <= most <= (MOST_PEOPLE if is_moderator(person) else 1):
        raise Refusal(_("Say for how many people, from 1 to %d.") % MOST_PEOPLE, status=422)
    with transaction.atomic():
        held = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        left = queries.left_to_invite(held, now=now)
        if left is not None and left < 1:
            raise Refusal(_("You have no invitation left."))
        made = Invitation.objects.create(
            made_by=held,
            note=typed.line(note, most=NOTE_LENGTH),
            most=most,
            made_at=now,
            expires_at=now + WORKS_FOR,
        )
        journal.write(
            verb=Verb.INVITATION_MADE,
            subject=made,
            actor_id=held.pk,
            now=now,
            data={"most": most},
        )
    return made


def withdraw(*, invitation: Invitation, person: User, now: dt.datetime) -> None:
    """Have a link work no more; who came by it stays. Its maker may, and who moderates the site. Done twice it is done once."""
    if invitation.made_by_id != person.pk and not is_moderator(person):
        raise PermissionDenied
    with transaction.atomic():
        open_one = Invitation.objects.filter(pk=invitation.pk, withdrawn_at=None)
        if open_one.update(withdrawn_at=now):
            journal.write(
                verb=Verb.INVITATION_WITHDRAWN, subject=invitation, actor_id=person.pk, now=now
            )


def come_by(*, code: str, person: User, now: dt.datetime) -> None:
    """Note by whose invitation ``person`` came. Raises `Refusal` where it works no more.

    One conditional update takes the place, so that of any number at once no more come than were invited.
    """
    with transaction.atomic():
        found = queries.open_invitation(code, now=now)
        taken = found is not None and Invitation.objects.filter(
            pk=found.pk, withdrawn_at=None, used__lt=F("most")
        ).update(used=F("used") + 1)
        if found is None or not taken:
            raise Refusal(queries.no_longer_works(), status=422)
        Invited.objects.create(person=person, invitation=found, came_at=now)
        journal.write(
            verb=Verb.INVITATION_USED, subject=found, actor_id=person.pk, now=now, data={}
        )


@by_manager
@transaction.atomic
def wish(*, has_tick: bool, actor: User, now: dt.datetime) -> None:
    """Say whether whoever signs up ticks that they accept the rules."""
    _keep({"has_tick": has_tick}, actor=actor, now=now)


@by_administrator
@transaction.atomic
def open_doors(*, wanted: Doors, actor: User, now: dt.datetime, seen: str | None = None) -> None:
    """Say who may sign up and who reads; what the environment says stays as it says.

    Raises `Refusal` for "by domain" without a domain, or without a mail server: an address that nobody checks proves nothing. ``seen`` is the mark
    of the doors that the actor began with: raises `StaleEdit` where they are others now. Lock contract: the row of the wishes.
    """
    JoiningWishes.objects.select_for_update().first()
    refuse_stale(doors().in_words(), seen=seen)
    said = {"way": wanted.way, "domains": ",".join(wanted.domains), "is_private": wanted.is_private}
    fixed = said_by_environment()
    if wanted.way == Way.DOMAIN and not (wanted.domains and settings.HAS_MAIL_SERVER):
        raise Refusal(
            _("That takes a domain, and a mail server for checking who has an address of it."),
            status=422,
        )
    _keep({name: value for name, value in said.items() if name not in fixed}, actor=actor, now=now)
    transaction.on_commit(forget_doors)


def _keep(said: dict[str, Any], *, actor: User, now: dt.datetime) -> None:
    """Keep ``said`` by column, what else was wished as it is. Lock contract: the row of the wishes."""
    wishes = JoiningWishes.objects.select_for_update().first() or JoiningWishes()
    for name, value in said.items():
        setattr(wishes, name, value)
    wishes.save()
    journal.write(verb=Verb.JOINING_EDITED, subject=wishes, actor_id=actor.pk, now=now, data=said)


@by_manager
@transaction.atomic
def keep_question(
    *, question: QuizQuestion, actor: User, now: dt.datetime, seen: str | None = None
) -> None:
    """Keep a question of the quiz, new or changed.

    ``seen`` is the mark of `QUESTION_EDITED` that the actor began with: raises `StaleEdit` where they are others now. Lock contract: the question's row.
    """
    stands = QuizQuestion.objects.select_for_update().filter(pk=question.pk).first()
    if stands is not None:
        refuse_stale(words_of(stands, QUESTION_EDITED), seen=seen)
    question.save()
    journal.write(
        verb=Verb.QUIZ_EDITED,
        subject=question,
        actor_id=actor.pk,
        now=now,
        data={"text": question.text},
    )


@by_manager
@transaction.atomic
def remove_question(*, question: QuizQuestion, actor: User, now: dt.datetime) -> None:
    """Ask that question no more."""
    journal.write(
        verb=Verb.QUIZ_EDITED,
        subject=question,
        actor_id=actor.pk,
        now=now,
        data={"text": question.text, "removed": True},
    )
    question.delete()


def accept_rules(*, person: User, now: dt.datetime) -> None:
    """Note that ``person`` accepted the rules."""
    User.objects.filter(pk=person.pk, rules_accepted_at=None).update(rules_accepted_at=now)
