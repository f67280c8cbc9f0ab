"""Making an honour, giving it to people or to a ring, taking it back, and saying what is shown.

Whoever receives one hears through the journal, once.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import Origin, User
from feedback.accounts.permissions import by_manager
from feedback.honours import marking
from feedback.honours.models import WORD_LENGTH, Holder, Honour, HonourWishes
from feedback.honours.shown import forget_links
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.batches import batches
from feedback.kernel.refusals import Refusal
from feedback.kernel.stale import refuse_stale, words_of
from feedback.roadmap.models import Invitation, Ring

#: More would be no honour.
MOST_HONOURS = 50
#: What the desk changes of an honour, and of what is shown.
EDITED = ("name", "name_zh", "description", "description_zh", "sign", "is_retired")
SHOWN = ("shows_levels", "shows_board")


@by_manager
@transaction.atomic
def keep_honour(
    *, honour: Honour, actor: User, now: dt.datetime, seen: str | None = None
) -> Honour:
    """Keep an honour as a form has filled it, a new one too. Raises `Refusal` for too many.

    ``seen`` is the mark of `EDITED` that the actor began with: raises `StaleEdit` where they are others now. Lock contract: the honour's row.
    """
    is_new = honour.pk is None
    if is_new:
        if Honour.objects.count() >= MOST_HONOURS:
            raise Refusal(_("There are 50 honours already: give one of those."))
        honour.made_by, honour.made_at = actor, now
    else:
        stands = Honour.objects.select_for_update().get(pk=honour.pk)
        refuse_stale(words_of(stands, EDITED), seen=seen)
    honour.save()
    journal.write(
        verb=Verb.HONOUR_MADE if is_new else Verb.HONOUR_EDITED,
        subject=honour,
        actor_id=actor.pk,
        now=now,
        data={"name": honour.name, "is_retired": honour.is_retired},
    )
    if not is_new:
        held = Holder.objects.filter(honour=honour, taken_at=None)
        marking.reconcile(fix=True, people=list(held.values_list("person", flat=True)))
    return honour


@by_manager
def give(
    *, honour: Honour, people: Collection[int], actor: User, now: dt.datetime, word: str = ""
) -> int:
    """Give ``honour`` to ``people``, by primary key, with a ``word`` that everybody reads; return how many had it not.

    Raises `Refusal` for an honour that is no longer given, and where nobody of them can sign in. Lock contract: the honour's row.
    """
    word = typed.line(word, most=WORD_LENGTH)
    with transaction.atomic():
        held = Honour.objects.select_for_update().get(pk=honour.pk)
        if held.is_retired:
            raise Refusal(_("“%s” is no longer given.") % held.title)
        fit = _who_can(people)
        if people and not fit:
            raise Refusal(_("They cannot sign in here, so nothing would reach them."))
        given = _hold(held, fit, word=word, actor=actor, now=now)
        if given:
            journal.write(
                verb=Verb.HONOUR_GIVEN,
                subject=held,
                actor_id=actor.pk,
                now=now,
                data={"name": held.name, "given": len(given), "word": word},
            )
            marking.reconcile(fix=True, people=given)
    return len(given)


def _who_can(people: Collection[int]) -> list[int]:
    members = User.objects.filter(is_active=True, origin=Origin.SIGNED_UP)
    return [
        pk
        for some in batches(people)
        for pk in members.filter(pk__in=some).values_list("pk", flat=True)
    ]


def _hold(
    honour: Honour, people: Collection[int], *, word: str, actor: User, now: dt.datetime
) -> list[int]:
    """Write who of ``people`` has ``honour`` from now on; return those who had it not."""
    given: list[int] = []
    for some in batches(people):
        rows = dict(
            Holder.objects.filter(honour=honour, person__in=some).values_list("person", "taken_at")
        )
        again = [pk for pk, taken_at in rows.items() if taken_at is not None]
        Holder.objects.filter(honour=honour, person__in=again).update(
            taken_at=None, given_at=now, given_by=actor, word=word
        )
        new = [pk for pk in some if pk not in rows]
        said: dict[str, Any] = {"word": word, "given_by": actor, "given_at": now}
        Holder.objects.bulk_create([Holder(honour=honour, person_id=pk, **said) for pk in new])
        given += [*again, *new]
    return given


@by_manager
def give_to_ring(
    *, honour: Honour, ring: Ring, actor: User, now: dt.datetime, word: str = ""
) -> int:
    """Give ``honour`` to everybody who is in ``ring``; return how many had it not. Raises and locks as `give`."""
    inside = ring.invitations.filter(answer=Invitation.Answer.ACCEPTED)
    people = list(inside.values_list("person", flat=True))
    if not people:
        raise Refusal(_("Nobody is in this ring."))
    return give(honour=honour, people=people, word=word, actor=actor, now=now)


@by_manager
@transaction.atomic
def take_back(*, honour: Honour, person: User, actor: User, now: dt.datetime) -> bool:
    """Take ``honour`` back from ``person``; return whether they had it. Lock contract: the honour's row."""
    held = Honour.objects.select_for_update().get(pk=honour.pk)
    if not Holder.objects.filter(honour=held, person=person, taken_at=None).update(taken_at=now):
        return False
    journal.write(
        verb=Verb.HONOUR_TAKEN_BACK,
        subject=held,
        actor_id=actor.pk,
        now=now,
        data={"name": held.name, "person": person.public_id},
    )
    marking.reconcile(fix=True, people=[person.pk])
    return True


@by_manager
@transaction.atomic
def wish(
    *,
    shows_levels: bool,
    shows_board: bool,
    actor: User,
    now: dt.datetime,
    seen: str | None = None,
) -> None:
    """Say whether levels, badges and honours are shown, and whether there is a board of honour.

    ``seen`` is the mark of `SHOWN` that the actor began with: raises `StaleEdit` where they are others now. Lock contract: the one row.
    """
    kept = HonourWishes.objects.select_for_update().first() or HonourWishes()
    refuse_stale(words_of(kept, SHOWN), seen=seen)
    kept.shows_levels, kept.shows_board = shows_levels, shows_board
    kept.save()
    data = {"shows_levels": kept.shows_levels, "shows_board": kept.shows_board}
    journal.write(verb=Verb.HONOURS_SHOWN, subject=kept, actor_id=actor.pk, now=now, data=data)
    transaction.on_commit(forget_links)
