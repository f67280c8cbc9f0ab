"""Reading the inbox."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, F, Max, Q, QuerySet, Value, When
from django.db.models.functions import Concat

from feedback.accounts.models import User
from feedback.forum.models import Comment
from feedback.notify.models import Notice


def inbox(person: User) -> QuerySet[Notice]:
    """Return what ``person`` was told, newest first."""
    return Notice.objects.filter(person=person).select_related("entry").order_by("-told_at", "-id")


def threads(person: User) -> QuerySet[Notice, Any]:
    """Return the threads of ``person`` as dicts of "folded" (its name), "last" (when) and "unread", the latest first.

    What has no thread is a thread of its own.
    """
    folded = Case(When(thread="", then=Concat(Value("key:"), F("key"))), default=F("thread"))
    return (
        Notice.objects.filter(person=person)
        .values(folded=folded)
        .annotate(
            last=Max("told_at"),
            latest=Max("pk"),
            unread=Count("pk", filter=Q(read_at__isnull=True)),
        )
        .order_by("-last", "-latest")
    )


def of_threads(person: User, names: Iterable[str]) -> QuerySet[Notice]:
    """Return what ``person`` was told in these threads, newest first."""
    names = list(names)
    alone = [name.removeprefix("key:") for name in names if name.startswith("key:")]
    return inbox(person).filter(Q(thread__in=names) | Q(thread="", key__in=alone))


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
