"""Who may do what, by role. Rooms add what depends on their own objects.

A view asks at its own door: a visitor signs in first where everybody who signed in may go, and learns nothing of the team's pages. The rule itself stands at the operation
(`by_team`, `by_manager`), which nobody reaches in another way: not the web, not a command. Who has a role on some
products or boards passes an operation's door where that role reaches to all that the operation is about.
"""

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from feedback.accounts.models import PartRole, User
from feedback.accounts.reach import reaches
from feedback.kernel.htmx import go_to, is_htmx

View = Callable[..., HttpResponseBase]
P = ParamSpec("P")
R = TypeVar("R")


def is_team(person: User | AnonymousUser) -> bool:
    """Whether ``person`` reads what the team reads."""
    return isinstance(person, User) and person.is_team


def is_moderator(person: User | AnonymousUser) -> bool:
    """Whether ``person`` acts for the team on the whole site."""
    return isinstance(person, User) and person.is_moderator


def is_manager(person: User | AnonymousUser) -> bool:
    """Whether ``person`` may decide about asks and items of every product."""
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


def not_there(_request: HttpRequest) -> HttpResponse:
    """Tell a visitor what they are told of any address that is not there; its page leads who is of the team to sign in.

    Raises `Http404`.
    """
    raise Http404


_READS = ("GET", "HEAD", "OPTIONS")
#: In ``request.META`` of a page for managers that somebody reads who is one of some products: whether the page has said
#: that it is about one of these.
OF_OWN_PRODUCT = "heed.of_own_product"


def _guarded_by(
    allowed: Callable[[User], bool],
    *,
    reads: Callable[[User], bool] | None = None,
    visitors: Callable[[HttpRequest], HttpResponse] = not_there,
) -> Callable[[View], View]:
    """Return what lets in who is ``allowed``; to read, where that is another matter, whom ``reads`` lets in.

    A visitor gets what ``visitors`` says.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return visitors(request)
            may = reads if reads is not None and request.method in _READS else allowed
            if not may(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard


member_required = _guarded_by(lambda person: person.is_active, visitors=sign_in_first)
#: What everybody of the team may do on the desk, analysts too: it changes nothing but what they look at.
desk_required = _guarded_by(lambda person: person.is_team)
#: Everybody of the team reads it; analysts change nothing.
team_required = _guarded_by(
    lambda person: person.is_moderator or person.is_part_manager,
    reads=lambda person: person.is_team,
)
#: What is there to change something: analysts do not come in.
acting_required = _guarded_by(lambda person: person.is_moderator or person.is_part_manager)
#: As `team_required`, and who keeps order on some boards.
moderator_required = _guarded_by(
    lambda person: person.is_moderator or person.is_part_moderator,
    reads=lambda person: person.has_duties,
)
#: What is about the whole site, and no product.
site_manager_required = _guarded_by(lambda person: person.is_manager)
administrator_required = _guarded_by(lambda person: person.is_administrator)


def manager_required(view: View) -> View:
    """Let in managers, of some products only to what is about one of these.

    A page says what it is about (`forum.products.queries.about`) and is refused there; one that says nothing is refused at
    the end. What is sent is refused by the operation.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not isinstance(request.user, User):
            return not_there(request)
        if request.user.is_manager:
            return view(request, *args, **kwargs)
        if not request.user.is_part_manager:
            raise PermissionDenied
        request.META[OF_OWN_PRODUCT] = False
        response = view(request, *args, **kwargs)
        if request.method in _READS and not request.META[OF_OWN_PRODUCT]:
            raise PermissionDenied
        return response

    return guarded


def _door(
    allowed: Callable[[Any], bool], *, on_parts: PartRole | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return what has an operation raise `PermissionDenied` unless its actor is ``allowed``.

    Or has the role ``on_parts`` on all that the operation is called with.
    """

    def door(operation: Callable[P, R]) -> Callable[P, R]:
        parameters = signature(operation).parameters
        who = next(name for name in ("actor", "moderator", "person") if name in parameters)

        @wraps(operation)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not allowed(kwargs[who]):
                things = [value for name, value in kwargs.items() if name != who]
                if on_parts is None or not reaches(kwargs[who], on_parts, things):
                    raise PermissionDenied
            return operation(*args, **kwargs)

        return guarded

    return door


#: What the team alone may do, whoever calls it; not analysts.
by_team = _door(is_moderator, on_parts=PartRole.MANAGER)
#: What keeps order, whoever calls it: the team, and who keeps order on a board.
by_moderator = _door(is_moderator, on_parts=PartRole.MODERATOR)
#: What managers alone may do, whoever calls it.
by_manager = _door(is_manager, on_parts=PartRole.MANAGER)
#: What administrators alone may do, whoever calls it.
by_administrator = _door(is_administrator)
