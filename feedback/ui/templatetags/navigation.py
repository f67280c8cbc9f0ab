"""What stands around a page, and the way to the sign-in page."""

from typing import Any
from urllib.parse import quote

from django import template
from django.conf import settings
from django.shortcuts import resolve_url
from django.template import Context

from feedback.kernel.feeds import FORMAT, RSS
from feedback.ui import navigation

register = template.Library()


@register.simple_tag(takes_context=True)
def around(context: Context) -> dict[str, Any]:
    """Return what the rooms put around this page, by place; nothing where there is no request."""
    request = context.get("request")
    return {} if request is None else navigation.around(request, nav=context.get("nav") or "")


@register.filter
def as_rss(address: str) -> str:
    """Return the address of the same feed as RSS (`kernel.feeds`)."""
    return f"{address}{'&' if '?' in address else '?'}{FORMAT}={RSS}"


@register.simple_tag(takes_context=True)
def sign_in_url(context: Context) -> str:
    """Return the address of the sign-in page, which leads back to this one, or to where the form stood that was sent here."""
    request = context["request"]
    is_read = request.method in ("GET", "HEAD")
    back = request.get_full_path() if is_read else request.META.get("HTTP_REFERER", "/")
    return f"{resolve_url(settings.LOGIN_URL)}?next={quote(back)}"
