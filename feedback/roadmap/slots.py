"""What the roadmap shows on other rooms' pages."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from feedback.accounts.models import User
from feedback.asks.models import Ask
from feedback.kernel import clock
from feedback.roadmap import queries
from feedback.roadmap.reports import presenting
from feedback.roadmap.story.queries import stories_of


def ask_item(request: HttpRequest, asks: Sequence[Ask]) -> Mapping[int, SafeString]:
    """Fill "ask-item": the item that answers each ask, as a strip that leads to it."""
    items = queries.items_of(asks)
    shipped = presenting.shipped(list(items.values()), now=clock.now())
    return {
        pk: render_to_string(
            "roadmap/_ask_item.html",
            {"item": item, "shipped": shipped.get(item.pk)},
            request=request,
        )
        for pk, item in items.items()
    }


def shipped_for(request: HttpRequest, people: Sequence[User]) -> Mapping[int, SafeString]:
    """Fill "person-shipped": what each of ``people`` asked for and got, where they are thanked by name or look themselves."""
    found = {}
    for person in people:
        stories = stories_of(person) if person == request.user or person.is_named_in_credits else []
        if stories:
            found[person.pk] = render_to_string(
                "roadmap/story/_person_shipped.html",
                {"stories": stories, "person": person},
                request=request,
            )
    return found
