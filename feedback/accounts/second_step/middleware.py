"""Where the operator wants it, nobody of the team goes anywhere without a second step."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.second_step.adapter import has_second_step
from feedback.kernel.htmx import go_to, is_htmx


class SecondStepMiddleware:
    """Leads who of the team has no second step to where they set one up. Stands behind authentication and messages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.TEAM_SECOND_STEP and self._must_set_up(request):
            here = reverse("mfa_index")
            if is_htmx(request):
                return go_to(here)
            messages.warning(
                request,
                _("The team signs in with a passkey or a second step. Set one up to go on."),
            )
            return redirect(here)
        return self.get_response(request)

    @staticmethod
    def _must_set_up(request: HttpRequest) -> bool:
        person = request.user
        if not isinstance(person, User) or not (person.has_duties or person.is_staff):
            return False
        free = (reverse("account_login").removesuffix("login/"), settings.STATIC_URL)
        return not request.path.startswith(free) and not has_second_step(person)
