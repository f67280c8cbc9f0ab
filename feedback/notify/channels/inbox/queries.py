"""Reading the inbox."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, F, Max, Q, QuerySet, Value, When, Window
from django.db.models.functions import Concat, RowNumber

from feedback.accounts.models import User
from feedback.asks.models import Answer, Ask
from feedback.forum.closed.reading import SHOWN, boards_of, known_to, products_of
from feedback.forum.models import Comment, Post
from feedback.forum.queries import posts_visible_to
from feedback.notify.models import Notice
from feedback.roadmap.models import Item

#: So much of one thread is shown, the latest: a post with thousands of comments is one of many things.
SHOWN_OF_A_THREAD = 20

#: Something that a notice tells of: what it is, and its public id or slug.
Named = tuple[str, str]


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


def shown_of(notice: Notice) -> set[Named]:
    """Return what ``notice`` tells of: the public ids of the comment, post, ask, answer and item, the slugs of the board and the product."""
    return {(name, notice.data[name]) for name in _STILL_SHOWN if notice.data.get(name)}


def hidden(notices: Iterable[Notice], *, reader: User) -> set[Named]:
    """Return what `shown_of` names of ``notices`` and is not shown any more.

    Not to everybody; of what is closed, not to ``reader``.
    """
    told_of: defaultdict[str, set[str]] = defaultdict(set)
    for notice in notices:
        for name, key in shown_of(notice):
            told_of[name].add(key)
    found: set[Named] = set()
    for name, keys in told_of.items():
        named, shown = _STILL_SHOWN[name]
        still = shown(reader).filter(**{f"{named}__in": keys}).values_list(named, flat=True)
        found |= {(name, key) for key in keys.difference(still)}
    return found


def _shown_posts(reader: User) -> QuerySet[Post]:
    return posts_visible_to(reader).filter(state__in=SHOWN)


def _shown_asks(reader: User) -> QuerySet[Ask]:
    return Ask.objects.filter(known_to(reader), state__in=[Ask.State.PUBLIC, Ask.State.JOINED])


#: Of what is kept with a notice, what may be hidden after it was told: the column that names it, and those that somebody is still shown.
_STILL_SHOWN: dict[str, tuple[str, Callable[[User], QuerySet[Any]]]] = {
    "comment": ("public_id", lambda _reader: Comment.objects.filter(is_hidden=False)),
    "post": ("public_id", _shown_posts),
    "ask": ("public_id", _shown_asks),
    "answer": ("public_id", lambda _reader: Answer.objects.filter(withdrawn_at=None)),
    "item": ("public_id", lambda reader: Item.objects.filter(known_to(reader))),
    "board": ("slug", boards_of),
    "product": ("slug", products_of),
}
