"""What the inbox shows on other pages."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from feedback.accounts.models import User
from feedback.notify.channels.inbox import presenting, queries

#: What was not read yet, as much of it as the first page shows.
_NEWS = 2


def unread(request: HttpRequest, people: Sequence[User]) -> Mapping[int, int]:
    """Fill "unread": how many notices each person has not read."""
    return {person.pk: queries.unread_count(person) for person in people}


def news(request: HttpRequest, people: Sequence[User]) -> Mapping[int, SafeString]:
    """Fill "member-news": the latest that each person has not read; nothing where there is none."""
    return {person.pk: found for person in people if (found := _news_of(request, person))}


def _news_of(request: HttpRequest, person: User) -> SafeString | None:
    number = queries.unread_count(person)
    if not number:
        return None
    latest = list(queries.inbox(person).filter(read_at__isnull=True)[:_NEWS])
    hidden = queries.hidden(latest, reader=person)
    told = [presenting.told(one, hidden=hidden) for one in latest]
    more = max(0, number - len(told))
    words = {"notices": told, "more": more}
    return render_to_string("notify/channels/inbox/_news.html", words, request)
