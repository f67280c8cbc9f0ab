"""Speaking to people in their own language: on every device they sign in on, and in mails."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from feedback.accounts.models import User


def language_of(person: object) -> str | None:
    """Return the language ``person`` has chosen, None when they leave it to the browser."""
    chosen = person.language if isinstance(person, User) else ""
    return chosen if chosen and translation.check_for_language(chosen) else None


class LanguageMiddleware:
    """A member's own choice goes before the cookie and the browser's wish. Stands behind authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = language_of(request.user)
        if chosen is not None:
            translation.activate(chosen)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


@contextmanager
def spoken_to(email: str | list[str]) -> Iterator[None]:
    """Speak the language of whoever owns this address, as far as there is one who chose."""
    owner = None
    if isinstance(email, str) and email:
        owner = User.objects.filter(email__iexact=email).first()
    with translation.override(language_of(owner) or translation.get_language()):
        yield
