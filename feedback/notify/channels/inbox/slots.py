"""What the inbox shows on every page."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest

from feedback.accounts.models import User
from feedback.notify.channels.inbox import queries


def unread(request: HttpRequest, people: Sequence[User]) -> Mapping[int, int]:
    """Fill "unread": how many notices each person has not read."""
    return {person.pk: queries.unread_count(person) for person in people}
