"""Reading the inbox."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, F, Max, Q, QuerySet, Value, When, Window
from django.db.models.functions import Concat, RowNumber

from feedback.accounts.models import User
from feedback.asks.models import Answer, Ask
from feedback.forum.closed.reading import SHOWN, known_to, products_of, readable_by
from feedback.forum.models import Board, Comment, Post, Product
from feedback.forum.queries import posts_visible_to
from feedback.notify.models import Notice
from feedback.roadmap.models import Item

#: So much of one thread is shown, the latest: a post with thousands of comments is one of many things.
SHOWN_OF_A_THREAD = 20
#: Of what is kept with a notice, what may be hidden after it was told; and the mark of a product's slug, which may be a board's too.
_TOLD_OF = ("comment", "post", "ask", "answer", "item", "board")
OF_PRODUCT = "product:"


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
    """Return the public ids of the comment, post, ask, answer and item, the slug of the board, and "product:" with that of the product, that ``notice`` tells of."""
    told_of = {notice.data[name] for name in _TOLD_OF if notice.data.get(name)}
    if product := notice.data.get("product"):
        told_of.add(f"{OF_PRODUCT}{product}")
    return told_of


def hidden(notices: Iterable[Notice], *, reader: User) -> set[str]:
    """Return what `shown_of` names of ``notices`` and is not shown any more.

    Not to everybody; of a board and a product, and of a post on a closed one, not to ``reader``.
    """
    told_of = {one for notice in notices for one in shown_of(notice)}
    if not told_of:
        return set()
    comments = Comment.objects.filter(public_id__in=told_of, is_hidden=True)
    shown = posts_visible_to(reader).filter(public_id__in=told_of, state__in=SHOWN)
    posts = Post.objects.filter(public_id__in=told_of).exclude(pk__in=shown.values("pk"))
    answers = Answer.objects.filter(public_id__in=told_of, withdrawn_at__isnull=False)
    asks = Ask.objects.filter(public_id__in=told_of).exclude(
        known_to(reader), state__in=[Ask.State.PUBLIC, Ask.State.JOINED]
    )
    items = Item.objects.filter(public_id__in=told_of).exclude(known_to(reader))
    boards = Board.objects.filter(slug__in=told_of).exclude(readable_by(reader))
    closed = Product.objects.exclude(pk__in=products_of(reader).values("pk"))
    return (
        set(boards.values_list("slug", flat=True))
        | {f"{OF_PRODUCT}{slug}" for slug in closed.values_list("slug", flat=True)}
        | {
            one
            for rows in (comments, posts, asks, answers, items)
            for one in rows.values_list("public_id", flat=True)
        }
    )
