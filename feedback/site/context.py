"""What every page needs to know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from feedback.accounts.adapter import code_minutes
from feedback.kernel import slots

THEMES = ("auto", "light", "dark")


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the site's name and what it can mail, the reader's theme and their unread notices.

    The theme is "auto", "light" or "dark".
    """
    theme = request.COOKIES.get("heed_theme", "auto")
    person = getattr(request, "user", None)
    unread = 0
    if person is not None and person.is_authenticated:
        unread = slots.gather("unread", request, [person]).get(person.pk, 0)
    return {
        "site_name": settings.SITE_NAME,
        "theme": theme if theme in THEMES else "auto",
        "has_mail_server": settings.HAS_MAIL_SERVER,
        "code_minutes": code_minutes(),
        "inbox_unread": unread,
    }
