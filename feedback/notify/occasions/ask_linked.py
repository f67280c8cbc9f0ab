"""An ask came to an item late, linked to it or joined into one it answers: who came along hears where it stands.

The key is the visit that the item is on, so it is news only for those who have not heard.
"""

from collections.abc import Iterable

from feedback.asks.models import Ask, Decision
from feedback.asks.queries import resolve
from feedback.asks.stages import Stage
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import (
    Facts,
    Occasion,
    _item,
    item_adopted,
    item_declined,
    item_moved,
    item_shipped,
    taken_from,
)
from feedback.notify.recipients import Audience, behind_asks, came_along

#: What everyone else read when the item came to its stage; at any other stage, that it moved there.
ARRIVALS: dict[str, Occasion] = {
    Stage.PLANNED: item_adopted.OCCASION,
    Stage.SHIPPED: item_shipped.OCCASION,
    Stage.DECLINED: item_declined.OCCASION,
}


def facts(entry: Entry) -> Facts | None:
    if entry.data["stage"] == Stage.UNDER_REVIEW:
        return None  # it stands where they left it
    return taken_from(entry, "title", "item", "ask", "stage", "version", "reason")


def recipients(entry: Entry) -> Iterable[Audience]:
    ask = resolve(Ask.objects.get(public_id=entry.data["ask"]))
    if "decision" in entry.data:
        return came_along(Decision.objects.get(public_id=entry.data["decision"]), ask.pk)
    return behind_asks([ask.pk])


def sentence(kept: Facts) -> str:
    return ARRIVALS.get(kept["stage"], item_moved.OCCASION).sentence(kept)


OCCASION = Occasion(
    verbs=(Verb.ASK_LINKED,),
    group=Group.ROADMAP,
    key=_item.key,
    facts=facts,
    recipients=recipients,
    about=_item.about,
    thread=_item.thread,
    sentence=sentence,
    url=_item.url,
)
