"""How Heed signs people up: what django-allauth asks of a site."""

import logging
from smtplib import SMTPException
from typing import Any
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from feedback.accounts import afterwards, changes, signing_out
from feedback.accounts.joining import queries
from feedback.accounts.language import spoken_to
from feedback.accounts.models import User
from feedback.accounts.restrictions import is_banned, is_suspended
from feedback.kernel import clock, slots
from feedback.kernel.identity import at_home, sender, site_name

logger = logging.getLogger(__name__)


def display_name(user: User) -> str:
    """Return what allauth calls a person in messages and mails."""
    return user.name


def code_minutes() -> int:
    """Return how many minutes a sign-in code works."""
    return max(1, int(app_settings.LOGIN_BY_CODE_TIMEOUT) // 60)


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is open unless the operator closed it; mails say which site they come from."""

    def post_login(
        self, request: HttpRequest, user: User, *, redirect_url: str | None, **more: Any
    ) -> HttpResponse:
        """Lead by way of what they wanted to do before they signed in, however that was."""
        response: HttpResponse = super().post_login(
            request, user, redirect_url=redirect_url, **more
        )
        if isinstance(response, HttpResponseRedirect) and afterwards.are_waiting(request):
            query = urlencode({REDIRECT_FIELD_NAME: response.url})
            response["Location"] = f"{reverse('accounts:after-sign-in')}?{query}"
        return response

    def pre_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse | None:
        """Tell who is suspended until when, and where they may appeal, instead of signing them in."""
        if is_suspended(user, now=clock.now()):
            clear_login(request)
            appeal = slots.gather("suspension", request, [user]).get(user.pk, "")
            context = {"person": user, "is_banned": is_banned(user), "appeal_url": appeal}
            return render(request, "accounts/suspended.html", context, status=403)
        response: HttpResponse | None = super().pre_login(request, user, **more)
        return response

    def logout(self, request: HttpRequest) -> None:
        """End what else this browser has of them too."""
        signing_out.end(request)
        super().logout(request)

    def get_from_email(self) -> str:
        """Send mails under the name that the site has now."""
        return sender()

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return queries.is_open()

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell ``user`` what was changed of how they sign in. A mail server that is away stops no change."""
        what = changes.SENTENCES.get(template_prefix, changes.OTHERWISE)
        try:
            super().send_notification_mail(
                changes.MAIL, user, {**(context or {}), "what": what}, email
            )
        except (OSError, SMTPException) as error:
            logger.warning("Nobody could be mailed that an account was changed: %s", error)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Render a mail in its reader's language, with the site's name and address and a code's minutes.

        Mails are rendered without a request, so no context processor says so. What they link to is at the site's own address: whoever asks
        for a mail to somebody else says in the request which host it was sent to.
        """
        context = {
            name: at_home(value) if value and name.endswith("_url") else value
            for name, value in context.items()
        }
        about = {
            "site_name": site_name(),
            "site_url": settings.BASE_URL,
            "code_minutes": code_minutes(),
        }
        with spoken_to(email):
            message: EmailMessage = super().render_mail(
                template_prefix, email, about | context, headers
            )
        return message
