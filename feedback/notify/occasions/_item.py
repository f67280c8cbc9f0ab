"""What the kinds of news about a roadmap item share."""

from collections.abc import Callable, Iterable

from django.urls import reverse

from feedback.asks.models import Ask
from feedback.journal.models import Entry
from feedback.notify.groups import About, Group
from feedback.notify.occasions import Facts, Occasion, _ask, taken_from
from feedback.notify.recipients import Audience, Topic, behind_item, followers
from feedback.roadmap.models import ItemAsk
from feedback.roadmap.queries import followed


def occasion(*, verb: str, keeps: tuple[str, ...], sentence: Callable[[Facts], str]) -> Occasion:
    """Return a kind that tells everyone behind an item, and ``keeps`` these facts of the entry besides."""

    def facts(entry: Entry) -> Facts:
        return taken_from(entry, "title", "item", "stage", *keeps)

    return Occasion(
        verbs=(verb,),
        group=Group.ROADMAP,
        key=key,
        facts=facts,
        recipients=recipients,
        about=about,
        thread=thread,
        sentence=sentence,
        url=url,
    )


def key(entry: Entry) -> str:
    """Return one visit of the item to a stage: what is reopened and shipped again is told again."""
    data = entry.data
    return f"item:{data['item']}:{data['stage']}:{data['visit']}"


def recipients(entry: Entry) -> Iterable[Audience]:
    """Return everyone behind the asks that the item answers, and who follows it or one of them."""
    yield from behind_item(entry.subject_id)
    yield from followers(about(entry))


def about(entry: Entry) -> list[Topic]:
    """Return the item, the asks it answers and their areas."""
    linked = ItemAsk.objects.filter(item=entry.subject_id).values_list("ask", flat=True)
    asks = Ask.objects.filter(pk__in=set(followed(list(linked)).values()))
    return [(About.ITEM, entry.subject_id), *_ask.topics_of(asks)]


def thread(entry: Entry) -> str:
    """Return the thread of the first ask that the item answers."""
    first = ItemAsk.objects.filter(item=entry.subject_id).order_by("pk").select_related("ask")
    link = first.first()
    return f"ask:{link.ask.public_id}" if link else f"item:{entry.data['item']}"


def url(kept: Facts) -> str:
    """Return the address of the item."""
    return reverse("roadmap:item-detail", args=[kept["item"]])
