"""What the pages of signing in and up need to know."""

from typing import Any

from django import template

from feedback.accounts.joining import queries
from feedback.accounts.joining.doors import doors_at
from feedback.accounts.joining.models import Way

register = template.Library()


@register.simple_tag(takes_context=True)
def rules_page(context: dict[str, Any]) -> str:
    """Return where the rules of the house stand, "" on a site without any."""
    return queries.rules_page(context["request"])


@register.simple_tag(takes_context=True)
def sign_up_is_open(context: dict[str, Any]) -> bool:
    """Return whether anybody at all may sign up."""
    return doors_at(context["request"]).way != Way.CLOSED


@register.simple_tag(takes_context=True)
def site_is_private(context: dict[str, Any]) -> bool:
    """Return whether nobody reads without signing in."""
    return doors_at(context["request"]).is_private
