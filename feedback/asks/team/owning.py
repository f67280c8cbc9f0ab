"""Who of the team looks after an ask."""

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from feedback.accounts.models import IN_TEAM, Role, User
from feedback.accounts.permissions import by_manager
from feedback.asks.decisions.recording import fresh, record, snapshot
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Ask, Decision
from feedback.kernel.refusals import Refusal


def possible_owners() -> QuerySet[User]:
    """Return who may own an ask: the team, without those who only read."""
    return User.objects.filter(IN_TEAM).exclude(Q(role=Role.ANALYST)).order_by("display_name", "pk")


@by_manager
@transaction.atomic
def own_ask(*, ask: Ask, owner: User | None, actor: User, now: dt.datetime) -> Decision:
    """Give ``ask`` to ``owner``, or to nobody. Raises `Refusal` for who is not of the team, and where it is so already."""
    hold_grouping()
    ask = fresh(ask)
    if owner is not None and not owner.is_team:
        raise Refusal(_("Only somebody of the team can own an ask."), status=422)
    if ask.owner_id == (owner.pk if owner is not None else None):
        raise Refusal(
            _("“%(title)s” is with %(name)s already.") % {"title": ask.title, "name": owner.name}
            if owner is not None
            else _("“%(title)s” is with nobody already.") % {"title": ask.title}
        )
    before = snapshot(asks={ask: {"owner_id"}}, post_ids=[])
    was = ask.owner
    ask.owner = owner
    ask.save(update_fields=["owner"])
    return record(
        kind=Decision.Kind.OWN,
        ask=ask,
        actor=actor,
        now=now,
        before=before,
        data={
            "from": was.public_id if was is not None else None,
            "to": owner.public_id if owner is not None else None,
        },
    )
