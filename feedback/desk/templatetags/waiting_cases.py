"""How many cases wait for the team, beside the way to them."""

from django import template

from feedback.forum.moderation.queries import number_waiting

register = template.Library()


@register.simple_tag
def cases_waiting() -> int:
    """Return how many cases wait."""
    return number_waiting()
