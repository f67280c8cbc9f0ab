"""Whether the desk speaks of the first steps."""

from django import template

from feedback.desk.first_steps.queries import Steps, lately

register = template.Library()


@register.simple_tag
def steps_lately() -> Steps:
    """Return how far the site is, as of a moment ago."""
    return lately()
