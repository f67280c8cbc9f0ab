"""What the pages of signing in and up need to know."""

from typing import Any

from django import template

from feedback.accounts.joining import queries

register = template.Library()


@register.simple_tag(takes_context=True)
def rules_page(context: dict[str, Any]) -> str:
    """Return where the rules of the house stand, "" on a site without any."""
    return queries.rules_page(context["request"])


@register.simple_tag
def sign_up_is_open() -> bool:
    """Return whether anybody at all may sign up."""
    return queries.is_open()
