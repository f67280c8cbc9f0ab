"""How the site is open: who may sign up, and who reads. What the environment says counts; else what was said on the desk.

What decides reads it anew each time, one row, so that a site that was closed is closed in every process at once. A link in a menu may be
a few seconds old.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest

from feedback.accounts.joining.models import JoiningWishes, Way

_READ = "heed.doors"
_KEPT, _KEPT_SECONDS = "accounts.doors", 5


@dataclass(frozen=True)
class Doors:
    """Who may sign up, whose domains where it is by those, and whether nobody reads without signing in."""

    way: Way
    domains: tuple[str, ...]
    is_private: bool

    def in_words(self) -> dict[str, str]:
        """Return it as words by its field, for `refuse_stale` and for whoever reads both."""
        said = {"way": str(self.way.label), "domains": ", ".join(self.domains)}
        return said | {"is_private": "✓" if self.is_private else "–"}


def said_by_environment() -> dict[str, str]:
    """Return by its name in `Doors` which variable of the environment says what the desk cannot say then."""
    said = {
        "way": ("HEED_SIGN_UP", settings.SIGN_UP),
        "domains": ("HEED_SIGN_UP_DOMAINS", settings.SIGN_UP_DOMAINS),
        "is_private": ("HEED_SITE_PRIVATE", settings.SITE_PRIVATE is not None),
    }
    return {name: variable for name, (variable, is_said) in said.items() if is_said}


def doors() -> Doors:
    """Return how the site is open now."""
    fixed = said_by_environment()
    said = None if {"way", "is_private"} <= fixed.keys() else JoiningWishes.objects.first()
    said = said or JoiningWishes()
    way = Way(settings.SIGN_UP.upper() if "way" in fixed else said.way)
    if "way" not in fixed and way == Way.DOMAIN and not settings.HAS_MAIL_SERVER:
        way = (
            Way.INVITATION
        )  # the mail server is gone: an address that nobody checks proves nothing
    return Doors(
        way=way,
        domains=tuple(settings.SIGN_UP_DOMAINS or said.domain_list),
        is_private=said.is_private if settings.SITE_PRIVATE is None else settings.SITE_PRIVATE,
    )


def doors_at(request: HttpRequest) -> Doors:
    """Return how the site is open while ``request`` is answered."""
    if _READ not in request.META:
        request.META[_READ] = doors()
    found: Doors = request.META[_READ]
    return found


def doors_lately() -> Doors:
    """Return how the site was open within the last `_KEPT_SECONDS`: for links on every page of whoever has signed in."""
    found = caches["template_fragments"].get_or_set(_KEPT, doors, _KEPT_SECONDS)
    assert isinstance(found, Doors)
    return found


def forget_doors() -> None:
    """Have this process read it again."""
    caches["template_fragments"].delete(_KEPT)
