"""The operator's pages: who opens them signs in where everyone does, under the same limits, and shows again now and then who they are."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator

from feedback.accounts.second_step.asking_again import View, ask_again


class OperatorsSite(AdminSite):
    """The admin of Django without a door of its own."""

    @method_decorator(secure_admin_login)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead whoever has not signed in to the site's own page of signing in."""
        return super().login(request, extra_context)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Return ``view`` for operators alone, who are asked again after a while."""
        return ask_again(super().admin_view(view, cacheable))
