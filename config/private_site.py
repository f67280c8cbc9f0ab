"""A private site: whoever has not signed in reads nothing but how to sign in."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseNotFound
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from feedback.accounts.joining.doors import doors_at
from feedback.accounts.models import User
from feedback.accounts.permissions import sign_in_first

#: What is open all the same. An address that is not named here is shut, so that a new one is.
OPEN = frozenset(
    {
        "ops:livez",
        "ops:readyz",
        # Shows who asks by a token of its own.
        "ops:metrics",
        "site:manifest",
        # What the door itself shows of the site.
        "identity:sheet",
        "identity:mark",
        "identity:logo",
        "site:set-language",
        "site:set-theme",
        # Other ways in than the door, and the rules that whoever signs up accepts.
        "accounts:hand-over",
        "accounts:hand-over-go",
        "accounts:invited",
        "forum:offer",
        "forum:rules",
        # Mail programs and browsers have no session: the address is signed, or shows what that browser alone knows.
        "notify:unsubscribe",
        "notify:mute",
        "notify:push-worker",
        "notify:device-renew",
    }
)
#: Asked while the database is away, which knows whether the site is private.
OF_HEALTH = ("/livez", "/readyz")
#: Where all that stands is about signing in and up: by oneself, with a second step, or by a provider's word.
THE_DOOR = "accounts/"
#: What a mail provider tells, which shows who it is.
OF_MAIL_PROVIDERS = "anymail:"
#: What programs and other sites ask for: nobody could sign in there.
FOR_PROGRAMS = frozenset(
    {
        "site:feed-posts",
        "briefs:brief-feed",
        "notify:feed-board",
        "notify:feed-ask",
        "notify:feed-answers",
        "notify:feed-roadmap",
        "notify:feed-roadmap-before",
        "roadmap:changelog-feed",
        "roadmap:changelog-widget",
        "roadmap:roadmap-widget",
        "roadmap:story-picture",
    }
)


class PrivateSite:
    """Where the desk or HEED_SITE_PRIVATE says so, sends visitors to sign in, wherever they want to go. Stands behind authentication.

    What is not there sends them too: nobody learns which addresses exist. Feeds and what is shown on other sites are not found.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if isinstance(request.user, User) or request.path_info in OF_HEALTH:
            return self.get_response(request)
        if not doors_at(request).is_private:
            return self.get_response(request)
        try:
            found = resolve(request.path_info)
        except Resolver404:
            return sign_in_first(request)
        if found.route.startswith(THE_DOOR) or _is_open(request, found.view_name):
            return self.get_response(request)
        return HttpResponseNotFound() if found.view_name in FOR_PROGRAMS else sign_in_first(request)


def _is_open(request: HttpRequest, name: str) -> bool:
    if name in OPEN or name.startswith(OF_MAIL_PROVIDERS):
        return True
    # Whoever is suspended cannot sign in; their key leads to the decision about them alone.
    return name == "forum:ruling" and "key" in request.GET
