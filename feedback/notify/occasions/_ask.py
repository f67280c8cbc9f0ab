"""What the kinds of news about an ask share."""

from collections.abc import Iterable

from django.urls import reverse

from feedback.asks.models import Ask
from feedback.asks.queries import resolve
from feedback.journal.models import Entry
from feedback.notify.groups import About
from feedback.notify.occasions import Facts
from feedback.notify.recipients import Audience, Topic, behind_asks, followers
from feedback.roadmap.models import ItemAsk


def ask_of(entry: Entry) -> Ask:
    """Return the ask that the entry is about, or what that was joined into."""
    return resolve(Ask.objects.get(pk=entry.subject_id))


def recipients(entry: Entry) -> Iterable[Audience]:
    """Return everyone behind the ask, wherever it was joined into, and who follows it."""
    yield from behind_asks([ask_of(entry).pk])
    yield from followers(about(entry))


def about(entry: Entry) -> list[Topic]:
    """Return the ask, and its area."""
    return topics_of([ask_of(entry)])


def topics_of(asks: Iterable[Ask]) -> list[Topic]:
    """Return these asks and their areas, as what may be followed."""
    asks = list(asks)
    areas = sorted({ask.area_id for ask in asks if ask.area_id is not None})
    return [*((About.ASK, ask.pk) for ask in asks), *((About.AREA, area) for area in areas)]


def thread(entry: Entry) -> str:
    """Return the thread of the ask."""
    return thread_of(ask_of(entry))


def thread_of(ask: Ask) -> str:
    """Return where news of ``ask`` is folded: with that of its item, which may answer others too."""
    link = ItemAsk.objects.filter(ask=ask).first()
    first = (
        ItemAsk.objects.filter(item=link.item_id).order_by("pk").select_related("ask").first()
        if link
        else None
    )
    return f"ask:{first.ask.public_id if first else ask.public_id}"


def url(kept: Facts) -> str:
    """Return the address of the ask."""
    return reverse("asks:ask-detail", args=[kept["ask"]])
