"""What the kinds of news about a release share."""

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import reverse

from feedback.journal.models import Entry
from feedback.notify.groups import About
from feedback.notify.occasions import Facts
from feedback.notify.recipients import Audience, Topic, behind_asks, followers
from feedback.roadmap.days import long_day
from feedback.roadmap.models import ItemAsk
from feedback.roadmap.queries import followed


def recipients(entry: Entry) -> Iterable[Audience]:
    """Return everyone behind the items that the entry names, once each, and who follows the release."""
    linked = ItemAsk.objects.filter(item__in=entry.data["items"]).values_list("ask", flat=True)
    yield from behind_asks(set(followed(list(linked)).values()))
    yield from followers(about(entry))


def about(entry: Entry) -> list[Topic]:
    """Return the release."""
    return [(About.RELEASE, entry.subject_id)]


def thread(entry: Entry) -> str:
    """Return the thread of the release."""
    return f"release:{entry.subject_id}"


def day(words: str) -> str:
    """Return an ISO date as the reader writes a day: "Friday 6 March"."""
    return long_day(dt.date.fromisoformat(words))


def url(kept: Facts) -> str:
    """Return the address of the release."""
    page = reverse("roadmap:release-detail", args=[kept["version"]])
    return page + "?" + urlencode({"product": kept["product"]})
