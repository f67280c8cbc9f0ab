"""What the kinds of news about an ask share."""

from collections.abc import Iterable

from django.urls import reverse

from feedback.asks.models import Ask
from feedback.asks.queries import resolve
from feedback.journal.models import Entry
from feedback.notify.occasions import Facts
from feedback.notify.recipients import Audience, behind_asks


def recipients(entry: Entry) -> Iterable[Audience]:
    """Return everyone behind the ask, wherever it was joined into."""
    return behind_asks([resolve(Ask.objects.get(pk=entry.subject_id)).pk])


def url(kept: Facts) -> str:
    """Return the address of the ask."""
    return reverse("asks:ask-detail", args=[kept["ask"]])
