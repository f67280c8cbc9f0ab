"""How Heed signs people up: what django-allauth asks of a site."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from feedback.accounts.models import User


def display_name(user: User) -> str:
    """Return what allauth calls a person in messages and mails."""
    return user.name


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up is open unless the operator closed it."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGNUP_OPEN)
