"""Reading the inbox."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, F, Max, Q, QuerySet, Value, When, Window
from django.db.models.functions import Concat, RowNumber

from feedback.accounts.models import User
from feedback.asks.models import Answer, Ask
from feedback.forum.closed.reading import SHOWN, readable_by
from feedback.forum.models import Board, Comment, Post
from feedback.forum.queries import posts_visible_to
from feedback.notify.models import Notice

#: So much of one thread is shown, the latest: a post with thousands of comments is one of many things.
SHOWN_OF_A_THREAD = 20


def inbox(person: User) -> QuerySet[Notice]:
    """Return what ``person`` was told, newest first."""
    return Notice.objects.filter(person=person).select_related("entry").order_by("-told_at", "-id")


def _folded() -> Case:
    """Return the name of the thread of a notice: what has none is one of its own."""
    return Case(When(thread="", then=Concat(Value("key:"), F("key"))), default=F("thread"))


def threads(person: User) -> QuerySet[Notice, Any]:
    """Return the threads of ``person`` as dicts of "folded" (its name), "last" (when), "told" and "unread" (how much), the latest first.

    What has no thread is a thread of its own.
    """
    return (
        Notice.objects.filter(person=person)
        .values(folded=_folded())
        .annotate(
            last=Max("told_at"),
            latest=Max("pk"),
            told=Count("pk"),
            unread=Count("pk", filter=Q(read_at__isnull=True)),
        )
        .order_by("-last", "-latest")
    )


def of_threads(person: User, names: Iterable[str]) -> list[Notice]:
    """Return the latest of what ``person`` was told in each of these threads, newest first."""
    names = list(names)
    alone = [name.removeprefix("key:") for name in names if name.startswith("key:")]
    number = Window(RowNumber(), partition_by=[_folded()], order_by=["-told_at", "-pk"])
    found = inbox(person).filter(Q(thread__in=names) | Q(thread="", key__in=alone))
    return list(found.annotate(number=number).filter(number__lte=SHOWN_OF_A_THREAD))


def unread_count(person: User | AnonymousUser) -> int:
    """Return how many notices ``person`` has not read; 0 for a visitor."""
    if not isinstance(person, User):
        return 0
    return Notice.objects.filter(person=person, read_at__isnull=True).count()


def shown_of(notice: Notice) -> set[str]:
    """Return the public ids of the comment, post and ask, and the slug of the board, that ``notice`` tells of."""
    return {
        notice.data[name]
        for name in ("comment", "post", "ask", "answer", "board")
        if notice.data.get(name)
    }


def hidden(notices: Iterable[Notice], *, reader: User) -> set[str]:
    """Return what `shown_of` names of the comments, posts, asks, answers and boards of ``notices`` and is not shown any more.

    Not to everybody; of a board and of a post on a closed one, not to ``reader``.
    """
    told_of = {one for notice in notices for one in shown_of(notice)}
    if not told_of:
        return set()
    comments = Comment.objects.filter(public_id__in=told_of, is_hidden=True)
    shown = posts_visible_to(reader).filter(public_id__in=told_of, state__in=SHOWN)
    posts = Post.objects.filter(public_id__in=told_of).exclude(pk__in=shown.values("pk"))
    answers = Answer.objects.filter(public_id__in=told_of, withdrawn_at__isnull=False)
    asks = Ask.objects.filter(public_id__in=told_of).exclude(
        state__in=[Ask.State.PUBLIC, Ask.State.JOINED]
    )
    boards = Board.objects.filter(slug__in=told_of).exclude(readable_by(reader))
    return set(boards.values_list("slug", flat=True)) | {
        one
        for rows in (comments, posts, asks, answers)
        for one in rows.values_list("public_id", flat=True)
    }
