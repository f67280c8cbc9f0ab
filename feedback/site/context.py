"""What every page needs to know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from feedback.accounts.adapter import code_minutes
from feedback.kernel.identity import identity

THEMES = ("auto", "light", "dark")


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the site's name and look, what it can mail, and the reader's theme: "auto", "light" or "dark"."""
    look = identity()
    theme = request.COOKIES.get("heed_theme", "auto")
    return {
        "site_name": look.called,
        "look": look,
        "theme": theme if theme in THEMES else "auto",
        "has_mail_server": settings.HAS_MAIL_SERVER,
        "code_minutes": code_minutes(),
    }
