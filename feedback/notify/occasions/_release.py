"""What the kinds of news about a release share."""

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import pgettext

from feedback.journal.models import Entry
from feedback.notify.occasions import Facts
from feedback.notify.recipients import Audience, behind_asks
from feedback.roadmap.models import ItemAsk
from feedback.roadmap.queries import followed


def recipients(entry: Entry) -> Iterable[Audience]:
    """Return everyone behind the items that the entry names, once each."""
    linked = ItemAsk.objects.filter(item__in=entry.data["items"]).values_list("ask", flat=True)
    return behind_asks(set(followed(list(linked)).values()))


def day(words: str) -> str:
    """Return an ISO date as the reader writes a day: "Friday 6 March"."""
    format = pgettext("a day with its weekday, Django format", "l j F")
    return date_format(dt.date.fromisoformat(words), format)


def url(kept: Facts) -> str:
    """Return the address of the release."""
    page = reverse("roadmap:release-detail", args=[kept["version"]])
    return page + "?" + urlencode({"product": kept["product"]})
