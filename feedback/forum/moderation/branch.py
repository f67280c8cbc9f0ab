"""Cutting a branch: everybody who came by one person's invitations, and by theirs, is suspended or banned in one act."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.joining.queries import branch_of
from feedback.accounts.models import User
from feedback.accounts.permissions import by_team
from feedback.forum.models import Ruling
from feedback.forum.moderation.cases import take_up
from feedback.forum.moderation.deciding import Said, decide
from feedback.forum.moderation.models import Action
from feedback.kernel.public_ids import new_public_id
from feedback.kernel.refusals import Refusal


@dataclass(frozen=True)
class Cut:
    """What became of a branch: a ruling for each, of one act, and who was spared because a decision about them waits."""

    rulings: list[Ruling]
    spared: list[User]


@by_team
def cut_branch(*, person: User, said: Said, with_root: bool, actor: User, now: dt.datetime) -> Cut:
    """Suspend or ban everybody in the branch of ``person``, who is in it too where ``with_root``; undone as one.

    The team is never in it. Raises `Refusal` where nobody is. Lock contract: as `deciding.decide`, person by person in the
    order of their keys.
    """
    if said.action not in (Action.SUSPEND, Action.BAN):
        raise Refusal(_("A branch is suspended or banned."), status=422)
    people = [twig.person for twig in branch_of(person)] + ([person] if with_root else [])
    members = sorted((one for one in people if not one.has_duties), key=lambda one: one.pk)
    together, rulings, spared = new_public_id(), [], []
    with transaction.atomic():
        for one in members:
            try:
                with transaction.atomic():
                    case = take_up(thing=one, actor=actor, now=now)
                    rulings.append(
                        decide(case=case, said=said, actor=actor, now=now, together=together)
                    )
            except Refusal as why:
                if why.status == 422:
                    raise
                spared.append(one)
    if not rulings:
        raise Refusal(_("Nobody is in this branch."))
    return Cut(rulings, spared)
