"""What a visitor wanted to do, carried out once they have signed in or signed up, in whatever way.

A room provides a deed by name in its ``apps.py``; a view keeps one for a visitor, with what it needs to know. It lies in
the visitor's session, so nobody can plant it there, and signing in leads by way of `views.after_sign_in`.
"""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from feedback.accounts import limits
from feedback.accounts.models import User
from feedback.accounts.permissions import View, member_required
from feedback.kernel import clock
from feedback.kernel.htmx import go_to, is_htmx
from feedback.kernel.way_back import came_from, is_ours, page_above

#: Does it for the person of the request, who has signed in; returns where they go now, "" for where they were.
#: Done twice it must be done once: a request may break after it.
Deed = Callable[[HttpRequest, dict[str, str]], str]

_KEY = "afterwards"
#: A visitor may have clicked on several things before they signed in.
_MOST = 10
#: Who signs in later may be somebody else at the same browser.
_WITHIN = dt.timedelta(hours=2)
_RATE = limits.Rate("afterwards", 60, dt.timedelta(minutes=10))
_deeds: dict[str, Deed] = {}


def provide(name: str, deed: Deed) -> None:
    """Say what carries out ``name``. Call it in ``AppConfig.ready``."""
    _deeds[name] = deed


def sign_in_first(request: HttpRequest, name: str, *, back: str, **about: str) -> HttpResponse:
    """Keep the deed ``name`` for the visitor, send them to sign in, and from there ``back``."""
    others = [one for one in _kept(request) if one["about"] != about or one["name"] != name]
    new = {"name": name, "about": about, "kept_at": clock.now().isoformat()}
    request.session[_KEY] = [*others, new][-_MOST:]
    response = redirect_to_login(back)
    return go_to(response.url) if is_htmx(request) else response


def now_or_afterwards(name: str) -> Callable[[View], View]:
    """Return what has a view done by members, and by a visitor once they have signed in, as the deed ``name``.

    The deed is told what stands in the address.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **about: str) -> HttpResponseBase:
            if isinstance(request.user, User) or request.method != "POST":
                return member_required(view)(request, **about)
            page = request.POST.get(REDIRECT_FIELD_NAME, "")
            if not is_ours(request, page):
                page = came_from(request, otherwise=page_above(request))
            if limits.is_over(_RATE, request, now=clock.now()):
                return redirect_to_login(page)
            return sign_in_first(request, name, back=page, **about)

        return guarded

    return guard


def are_waiting(request: HttpRequest) -> bool:
    """Return whether something is to be done for whoever signs in."""
    return bool(_kept(request))


def carry_out(request: HttpRequest, *, now: dt.datetime) -> str:
    """Do what was kept, each thing once; return where the person goes now, "" for where they were."""
    kept = _kept(request)
    request.session.pop(_KEY, None)
    where = ""
    for one in kept:
        if one["name"] in _deeds and now - dt.datetime.fromisoformat(one["kept_at"]) < _WITHIN:
            where = _deeds[one["name"]](request, one["about"]) or where
    return where


def _kept(request: HttpRequest) -> list[dict[str, Any]]:
    kept = request.session.get(_KEY)
    return kept if isinstance(kept, list) else []
