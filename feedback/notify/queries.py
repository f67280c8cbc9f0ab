"""Reading the inbox."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from feedback.accounts.models import User
from feedback.notify.models import Notice


def inbox(person: User) -> QuerySet[Notice]:
    """Return what ``person`` was told, newest first."""
    return Notice.objects.filter(person=person).select_related("entry").order_by("-told_at", "-id")


def unread_count(person: User | AnonymousUser) -> int:
    """Return how many notices ``person`` has not read; 0 for a visitor."""
    if not isinstance(person, User):
        return 0
    return Notice.objects.filter(person=person, read_at__isnull=True).count()
