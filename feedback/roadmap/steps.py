"""What every deed about an item shares: it holds the item, brings its asks along, and writes down where it stands then."""

import datetime as dt
from collections import deque

from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Ask
from feedback.asks.queries import resolve
from feedback.asks.stages import Stage, after
from feedback.asks.staging import set_stage
from feedback.journal import operations as journal
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel.refusals import Refusal
from feedback.roadmap import queries
from feedback.roadmap.models import Item


def locked(item: Item) -> Item:
    """Return ``item`` as the database has it now, held until the transaction ends.

    Raises `Refusal` for one that was joined into another.
    """
    hold_grouping()
    # The release is joined only after the lock: PostgreSQL locks no nullable side of a join.
    item = Item.objects.select_for_update().get(pk=item.pk)
    refuse_joined(item)
    return item


def held(*items: Item) -> dict[int, Item]:
    """Return ``items`` by their primary keys as the database has them now, joined or not, held until the transaction ends."""
    hold_grouping()
    held_ones = Item.objects.select_for_update().filter(pk__in=[item.pk for item in items])
    return {item.pk: item for item in held_ones.order_by("pk")}


def refuse_joined(item: Item) -> None:
    """Raise `Refusal` for an item that was joined into another: nothing is done with it any more."""
    if item.joined_into_id is not None:
        raise Refusal(
            _("“%(title)s” was joined into “%(into)s”. Open that one.")
            % {"title": item.title, "into": queries.live_item(item).title}
        )


def check_way(item: Item, stage: Stage) -> None:
    """Raise `Refusal` unless ``item`` may move to ``stage``: nobody is offered it, so somebody else moved it."""
    if stage not in after(item.stage):
        raise Refusal(_("The item has moved meanwhile. Look where it stands now."))


def free(ask: Ask) -> Ask:
    """Return the live ask that ``ask`` became, held, if no item answers it. Raises `Refusal`."""
    live = resolve(Ask.objects.get(pk=ask.pk))
    live = Ask.objects.select_for_update().get(pk=live.pk)
    if not live.is_public:
        raise Refusal(
            _("Confirm “%(title)s” first: only a confirmed ask can move on.")
            % {"title": live.title}
        )
    item = queries.item_of(live)
    if item is not None:
        raise Refusal(
            _("“%(ask)s” is on the roadmap already, as “%(item)s”.")
            % {"ask": live.title, "item": item.title}
        )
    return live


def mirror(item: Item, *, actor: User, now: dt.datetime) -> None:
    """Bring the asks that ``item`` answers to its stage."""
    for ask in queries.asks_led_by(item):
        bring(ask, to=Stage(item.stage), actor=actor, now=now, reason=item.decline_reason)


def bring(ask: Ask, *, to: Stage, actor: User, now: dt.datetime, reason: str = "") -> None:
    """Move ``ask`` to the stage ``to`` on the shortest way the table of stages allows."""
    for stage in way(Stage(ask.stage), to):
        set_stage(ask=ask, stage=stage, actor=actor, now=now, reason=reason)


def way(present: Stage, wanted: Stage) -> list[Stage]:
    """Return the stages from ``present`` (left out) to ``wanted``, never by way of a refusal.

    An ask may stand elsewhere than its item: it was linked late, or declined on its own.
    """
    ways: deque[list[Stage]] = deque([[present]])
    seen = {present}
    while ways:
        way = ways.popleft()
        if way[-1] == wanted:
            return way[1:]
        for stage in sorted(after(way[-1]) - seen):
            if stage != Stage.DECLINED or stage == wanted:
                seen.add(stage)
                ways.append([*way, stage])
    raise AssertionError(f"No way leads from {present} to {wanted}.")


def record(*, verb: Verb, item: Item, actor: User, now: dt.datetime, **more: object) -> Entry:
    """Write the journal entry, with the item as it is now and which visit to its stage this is, from 0."""
    asks = Ask.objects.filter(item_link__item=item).order_by("item_link__id")
    arrivals = queries.history(item).filter(data__stage=str(item.stage)).count()
    return journal.write(
        verb=verb,
        subject=item,
        actor_id=actor.pk,
        now=now,
        data={
            "item": item.public_id,
            "product": item.product.slug,
            "title": item.title,
            "stage": str(item.stage),
            "asks": list(asks.values_list("public_id", flat=True)),
            "visit": arrivals if verb in queries.ARRIVALS else max(0, arrivals - 1),
            **more,
        },
    )
