"""Where one's invitations stand, for who may invite."""

from django.http import HttpRequest
from django.urls import reverse

from feedback.accounts.joining.doors import doors_lately
from feedback.accounts.joining.models import Way


def invitations(request: HttpRequest) -> str:
    """Return the page of one's invitations, "" where nobody can sign up."""
    return reverse("accounts:invitations") if doors_lately().way != Way.CLOSED else ""
