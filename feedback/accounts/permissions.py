"""Who may do what, by role alone. Rooms add what depends on their own objects.

A view asks at its own door, so that a visitor may sign in first. The rule itself stands at the operation
(`by_team`, `by_manager`), which nobody reaches in another way: not the web, not a command.
"""

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from feedback.accounts.models import User
from feedback.kernel.htmx import go_to, is_htmx

View = Callable[..., HttpResponseBase]
P = ParamSpec("P")
R = TypeVar("R")


def is_team(person: User | AnonymousUser) -> bool:
    """Whether ``person`` belongs to the team."""
    return isinstance(person, User) and person.is_team


def is_manager(person: User | AnonymousUser) -> bool:
    """Whether ``person`` may decide about asks and items."""
    return isinstance(person, User) and person.is_manager


def is_administrator(person: User | AnonymousUser) -> bool:
    """Whether ``person`` may take a whole product away."""
    return isinstance(person, User) and person.is_administrator


def member_of(request: HttpRequest) -> User:
    """Return the signed-in person; raises `PermissionDenied` for a visitor."""
    if isinstance(request.user, User) and request.user.is_active:
        return request.user
    raise PermissionDenied


def access_face(public_id: str, key: str) -> User:
    """Return the person whose picture is called ``key`` now. Everyone may see it; raises `Http404` where it is another's or gone."""
    person = User.objects.filter(public_id=public_id, is_active=True).first()
    if person is None or not person.face or person.face_key != key:
        raise Http404
    return person


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Send a visitor to sign in and back to where they were; an htmx request goes there as a whole page."""
    back = (
        request.get_full_path()
        if request.method == "GET"
        else request.META.get("HTTP_REFERER", "/")
    )
    response = redirect_to_login(back)
    return go_to(response.url) if is_htmx(request) else response


def _guarded_by(allowed: Callable[[User], bool]) -> Callable[[View], View]:
    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return sign_in_first(request)
            if not allowed(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard


member_required = _guarded_by(lambda person: person.is_active)
team_required = _guarded_by(lambda person: person.is_team)
manager_required = _guarded_by(lambda person: person.is_manager)
administrator_required = _guarded_by(lambda person: person.is_administrator)


def _door(allowed: Callable[[Any], bool]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return what has an operation raise `PermissionDenied` unless its actor is ``allowed``."""

    def door(operation: Callable[P, R]) -> Callable[P, R]:
        parameters = signature(operation).parameters
        who = next(name for name in ("actor", "moderator", "person") if name in parameters)

        @wraps(operation)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not allowed(kwargs[who]):
                raise PermissionDenied
            return operation(*args, **kwargs)

        return guarded

    return door


#: What the team alone may do, whoever calls it.
by_team = _door(is_team)
#: What managers alone may do, whoever calls it.
by_manager = _door(is_manager)
#: What administrators alone may do, whoever calls it.
by_administrator = _door(is_administrator)
