"""How many cases wait for the team, beside the way to them."""

from django import template

from feedback.accounts.models import User
from feedback.forum.moderation.queries import number_waiting

register = template.Library()


@register.simple_tag
def cases_waiting(reader: User) -> int:
    """Return how many cases wait that ``reader`` may know of."""
    return number_waiting(reader)
