"""What the kinds of news about items that were joined or split share: those whose asks went to another item hear."""

from collections.abc import Callable, Iterable

from feedback.asks.models import Ask
from feedback.journal.models import Entry
from feedback.notify.groups import About, Group
from feedback.notify.occasions import Facts, Occasion, _ask, _item
from feedback.notify.recipients import Audience, Topic, behind_asks, followers
from feedback.roadmap.models import ItemAsk, Reshaping
from feedback.roadmap.queries import followed


def occasion(*, verb: str, sentence: Callable[[Facts], str]) -> Occasion:
    """Return a kind that tells those behind the asks that went to another item, and who follows where they came from."""
    return Occasion(
        verbs=(verb,),
        group=Group.ROADMAP,
        key=key,
        facts=facts,
        recipients=recipients,
        about=about,
        thread=_item.thread,
        sentence=sentence,
        url=_item.url,
    )


def _of(entry: Entry) -> Reshaping:
    return Reshaping.objects.select_related("item", "other").get(pk=entry.data["reshaping"])


def key(entry: Entry) -> str:
    """Return one join or split."""
    return f"item:reshaped:{entry.data['reshaping']}"


def facts(entry: Entry) -> Facts | None:
    """Return which item answers the asks now; None where it was undone.

    Its address is that of the item that may come to stand for itself again, or not: it leads to the right one either way.
    """
    reshaping = _of(entry)
    if reshaping.undone_at is not None:
        return None
    leads = reshaping.item if reshaping.is_join else reshaping.other
    other = reshaping.other
    return {"title": other.title, "item": leads.public_id, "stage": other.stage}


def recipients(entry: Entry) -> Iterable[Audience]:
    """Return who is behind the asks that went and are still there, and who follows the item they came from."""
    yield from behind_asks(_asks(entry))
    yield from followers([(About.ITEM, _of(entry).item_id)])


def about(entry: Entry) -> list[Topic]:
    """Return both items, and the asks that went."""
    reshaping = _of(entry)
    items = [(About.ITEM, reshaping.item_id), (About.ITEM, reshaping.other_id)]
    return [*items, *_ask.topics_of(Ask.objects.filter(pk__in=_asks(entry)))]


def _asks(entry: Entry) -> set[int]:
    reshaping = _of(entry)
    went = ItemAsk.objects.filter(item=reshaping.other_id, ask__in=reshaping.asks)
    return set(followed(list(went.values_list("ask", flat=True))).values())
