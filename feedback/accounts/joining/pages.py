"""Where one's invitations stand, for who may invite."""

from django.http import HttpRequest
from django.urls import reverse

from feedback.accounts.joining.queries import is_open


def invitations(request: HttpRequest) -> str:
    """Return the page of one's invitations, "" where nobody can sign up."""
    return reverse("accounts:invitations") if is_open() else ""
