"""Reading the inbox."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from feedback.accounts.models import User
from feedback.forum.models import Comment
from feedback.notify.models import Notice


def inbox(person: User) -> QuerySet[Notice]:
    """Return what ``person`` was told, newest first."""
    return Notice.objects.filter(person=person).select_related("entry").order_by("-told_at", "-id")


def unread_count(person: User | AnonymousUser) -> int:
    """Return how many notices ``person`` has not read; 0 for a visitor."""
    if not isinstance(person, User):
        return 0
    return Notice.objects.filter(person=person, read_at__isnull=True).count()


def hidden_comments(notices: Iterable[Notice]) -> set[str]:
    """Return the public ids of the comments that these notices tell of and that were hidden since."""
    told_of = [notice.data["comment"] for notice in notices if "comment" in notice.data]
    if not told_of:
        return set()
    hidden = Comment.objects.filter(public_id__in=told_of, is_hidden=True)
    return set(hidden.values_list("public_id", flat=True))
