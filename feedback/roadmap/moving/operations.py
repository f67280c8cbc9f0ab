"""Moving an item to another column of the board."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks.locking import hold_grouping
from feedback.asks.stages import Stage
from feedback.kernel.refusals import Refusal
from feedback.roadmap.models import Item
from feedback.roadmap.operations import move, ship


class StaleMove(Refusal):
    """Somebody moved the item since it was seen."""


@by_manager
@transaction.atomic
def place(
    *,
    item: Item,
    stage: Stage | str,
    actor: User,
    now: dt.datetime,
    seen: str = "",
    reason: str = "",
    version: str = "",
    release_date: dt.date | None = None,
    text: str = "",
) -> Item:
    """Move ``item`` to ``stage``, whichever it is: `operations.move`, or `operations.ship` with a version.

    ``seen`` is the stage at which the person saw it: raises `StaleMove` when it stands elsewhere by now, and not where they
    want it. Raises `Refusal` as those do.
    """
    stage = Stage(stage)
    hold_grouping()
    present = Item.objects.only("stage").get(pk=item.pk).stage
    if seen and present not in (seen, stage):
        raise StaleMove(_("Somebody moved it meanwhile. Look where it stands now."))
    if stage == Stage.SHIPPED:
        return ship(
            item=item, version=version, release_date=release_date, text=text, actor=actor, now=now
        )
    return move(item=item, stage=stage, reason=reason, actor=actor, now=now)
