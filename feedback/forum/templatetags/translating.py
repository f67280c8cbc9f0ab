"""Where a translation is offered."""

from typing import Any

from django import template
from django.template import Context

from feedback.forum.translating.texts import is_offered

register = template.Library()


@register.simple_tag(takes_context=True)
def offers_translation(context: Context, language: str, inside: bool = False) -> bool:
    """Return whether a text in ``language`` is offered in the reader's; not where they need none, or it may not leave the house."""
    request: Any = context.get("request")
    return request is not None and is_offered(request.user, language=language, inside=inside)
