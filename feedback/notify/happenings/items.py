"""What happens to items of the roadmap: adopted, moved, shipped, declined."""

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.asks.models import Ask
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel import markdown
from feedback.kernel.identity import at_home
from feedback.kernel.visible import cut
from feedback.notify.happenings import (
    EXCERPT_LENGTH,
    LINE_LENGTH,
    Group,
    Happening,
    Kind,
)
from feedback.notify.happenings.asks import written
from feedback.notify.occasions import item_moved
from feedback.roadmap.models import Item
from feedback.roadmap.queries import live_ask_ids

#: Facts of an entry that are public, and the same for ever.
_KEPT = ("stage", "came_from", "version", "text", "reason")


def _of(line: Callable[[Mapping[str, Any]], str]) -> Callable[[Entry], Happening | None]:
    """Return what tells of an item: it came to a stage, and ``line`` says so."""

    def happening(entry: Entry) -> Happening | None:
        found = Item.objects.filter(pk=entry.subject_id).select_related("product").first()
        if found is None:
            return None
        kept = {name: entry.data[name] for name in _KEPT if entry.data.get(name)}
        words = kept.get("reason") or kept.get("text") or markdown.plain(found.summary)
        return Happening(
            product=found.product,
            title=found.title,
            line=line(kept),
            path=reverse("roadmap:item-detail", args=[found.public_id]),
            data=lambda: {"product": found.product.slug, "item": _written(found)} | kept,
            excerpt="" if words == found.title else cut(words, LINE_LENGTH),
        )

    return happening


def _written(item: Item) -> dict[str, Any]:
    asks = Ask.objects.public().filter(pk__in=live_ask_ids(item)).order_by("-people_count", "pk")
    return {
        "id": item.public_id,
        "title": item.title,
        "summary": markdown.plain(item.summary, length=EXCERPT_LENGTH),
        "stage": item.stage,
        "asks": [written(ask) for ask in asks],
        "url": at_home(reverse("roadmap:item-detail", args=[item.public_id])),
    }


def _planned(kept: Mapping[str, Any]) -> str:
    return _("Planned")


def _shipped(kept: Mapping[str, Any]) -> str:
    return _("Shipped in %(version)s") % kept


def _declined(kept: Mapping[str, Any]) -> str:
    return _("Will not be done, and why")


KINDS: Mapping[Verb, Kind] = {
    Verb.ITEM_ADOPTED: Kind("item.adopted", Group.ROADMAP, _of(_planned)),
    Verb.ITEM_MOVED: Kind("item.moved", Group.ROADMAP, _of(item_moved.sentence)),
    Verb.ITEM_SHIPPED: Kind("item.shipped", Group.ROADMAP, _of(_shipped)),
    Verb.ITEM_DECLINED: Kind("item.declined", Group.ROADMAP, _of(_declined)),
}
