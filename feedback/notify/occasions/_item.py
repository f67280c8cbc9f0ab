"""What the kinds of news about a roadmap item share."""

from collections.abc import Callable, Iterable

from django.urls import reverse

from feedback.journal.models import Entry
from feedback.notify.occasions import Facts, Group, Occasion, taken_from
from feedback.notify.recipients import Audience, behind_item


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
        sentence=sentence,
        url=url,
    )


def key(entry: Entry) -> str:
    """Return one visit of the item to a stage: what is reopened and shipped again is told again."""
    data = entry.data
    return f"item:{data['item']}:{data['stage']}:{data['visit']}"


def recipients(entry: Entry) -> Iterable[Audience]:
    """Return everyone behind the asks that the item answers."""
    return behind_item(entry.subject_id)


def url(kept: Facts) -> str:
    """Return the address of the item."""
    return reverse("roadmap:item-detail", args=[kept["item"]])
