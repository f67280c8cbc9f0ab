"""The rooms of the desk, on top of each of its pages."""

from typing import Any

from django import template

from feedback.desk.rooms import ShownGroup, groups_for

register = template.Library()


@register.simple_tag(takes_context=True)
def desk_rooms(context: dict[str, Any], here: str) -> list[ShownGroup]:
    """Return the groups of rooms as the reader of the page ``here`` sees them."""
    return groups_for(context["request"], here)
