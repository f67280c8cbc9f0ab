"""Whoever opens the operator's pages, or hands out power or secrets, has shown within the last minutes who they are, not only that their browser was left signed in."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponseBase

from feedback.accounts.models import User

_READING = ("GET", "HEAD", "OPTIONS", "TRACE")
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def has_shown_lately(request: HttpRequest) -> bool:
    """Whether the signed-in person signed in, or showed again who they are, within ACCOUNT_REAUTHENTICATION_TIMEOUT seconds."""
    since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return any(record["at"] > since for record in records) or did_recently_reauthenticate(request)


def ask_again(view: View) -> View:
    """Return ``view`` so that it asks an operator who came long ago; what they sent is carried out once they have shown who they are."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        person = request.user
        if isinstance(person, User) and person.is_staff and not has_shown_lately(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return cast(View, guarded)


def ask_again_to_change(view: View) -> View:
    """Return ``view`` so that whoever came long ago shows who they are before it changes anything; to read asks for nothing.

    For what hands out power or secrets. Who signs in by another site alone has nothing to show, and is not asked.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in _READING and not has_shown_lately(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return cast(View, guarded)
