"""Undoing an import: what it made goes, in short transactions, and what people have touched since only when they said so."""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from feedback.accounts.models import Origin, User
from feedback.asks.decisions.rehouse import leave_asks
from feedback.asks.erasing import asks_left_empty, erase_decisions_made_at, erase_empty_asks
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Ask, Decision, Membership
from feedback.forum.comments.bulk import brought_at, take_comments_away
from feedback.forum.erasing import erase_boards, erase_posts, erase_those_without_words
from feedback.forum.models import Board, Comment, Post, Vote
from feedback.grouping.erasing import erase_vectors
from feedback.importing.models import Import
from feedback.journal import operations as journal
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel import doorbell
from feedback.kernel.batches import batches
from feedback.kernel.refusals import Refusal
from feedback.kernel.turns import turn
from feedback.notify.erasing import erase_notices
from feedback.roadmap.erasing import erase_items_made_at
from feedback.roadmap.models import Item

#: Posts, and people, that go in one transaction: nobody waits long for it.
POSTS_AT_ONCE, PEOPLE_AT_ONCE = 100, 500
State = Import.State
#: Hears how many posts, people and asks went.
OnGone = Callable[[int, int, int], None]
#: From which states an import may be undone: something may have come of it.
UNDOABLE = (State.STOPPED, State.DONE, State.FAILED, State.UNDONE)


@dataclass(frozen=True)
class WhatGoes:
    """What undoing an import removes: ``touched`` of its posts have votes, replies or decisions of people here by now.

    ``asks`` are those that it made of posts which were here before, and which stay; something was decided of ``touched_asks`` since.
    ``replies`` it put under such posts.
    """

    posts: int
    people: int
    touched: int
    votes: int
    comments: int
    asks: int
    touched_asks: int
    replies: int


def anything_came_of(one: Import) -> bool:
    """Return whether there is something here that undoing ``one`` would remove."""
    if not one.stretches.exists():
        return False
    return one.posts().exists() or replies_to_others(one).exists() or asks_of_others(one).exists()


def what_goes(one: Import) -> WhatGoes:
    """Return what undoing ``one`` removes."""
    posts = one.posts()
    ids = posts.values("pk")
    asks = asks_of_others(one)
    here = Q(origin=Origin.SIGNED_UP)
    return WhatGoes(
        posts=posts.count(),
        people=posts.values("author").distinct().count(),
        touched=touched(posts, one).count(),
        votes=Vote.objects.filter(post__in=ids, person__in=User.objects.filter(here)).count(),
        comments=Comment.objects.filter(post__in=ids, author__in=User.objects.filter(here)).count(),
        asks=asks.count(),
        touched_asks=touched_asks(asks, one).count(),
        replies=replies_to_others(one).count(),
    )


def replies_to_others(one: Import) -> "QuerySet[Comment]":
    """Return the replies that ``one`` put under posts which it did not make, but for those that somebody here has claimed."""
    brought = brought_at(moments_of(one), source=one.source)
    others = brought.exclude(post__in=one.posts().values("pk"))
    return others.exclude(author__origin=Origin.SIGNED_UP)


def asks_of_others(one: Import) -> "QuerySet[Ask]":
    """Return the asks that ``one`` made of posts which it did not make: they were here before."""
    decisions = Decision.objects.filter(
        made_at__in=moments_of(one), kind=Decision.Kind.CONFIRM, undone_at=None
    )
    made = Ask.objects.filter(pk__in=decisions.values("ask"), medoid__source=one.source)
    return made.exclude(medoid__in=one.posts().values("pk"))


def touched_asks(asks: "QuerySet[Ask]", one: Import) -> "QuerySet[Ask]":
    """Return those of ``asks`` about which somebody did something since, or about their item of the roadmap."""
    since = Entry.objects.exclude(at__in=moments_of(one)).exclude(actor_id=None)
    of_ask = since.filter(subject_type=Ask._meta.label_lower, subject_id=OuterRef("pk"))
    item = OuterRef("item_link__item")
    of_item = since.filter(subject_type=Item._meta.label_lower, subject_id=item)
    return asks.filter(Exists(of_ask) | Exists(of_item))


def touched(posts: "QuerySet[Post]", one: Import) -> "QuerySet[Post]":
    """Return those of ``posts`` for which somebody here did something: a claim, a vote, a reply, a decision that stands.

    What the import itself decided, of rows with a state, is no such thing.
    """
    moments = moments_of(one)
    mine = OuterRef("pk")
    decisions = Decision.objects.filter(posts=mine, undone_at=None).exclude(made_at__in=moments)
    return posts.filter(
        Q(author__origin=Origin.SIGNED_UP)
        | Q(
            Exists(Vote.objects.filter(post=mine, person__origin=Origin.SIGNED_UP)),
            vote_count__gt=1,
        )
        | Exists(Comment.objects.filter(post=mine, author__origin=Origin.SIGNED_UP))
        | Exists(decisions)
    )


@transaction.atomic
def begin_undo(of: Import, *, takes_touched: bool, by: User | None, now: dt.datetime) -> None:
    """Have the worker undo ``of``, for ``by`` or for the operator at the command line. Raises `Refusal`."""
    one = Import.objects.select_for_update().get(pk=of.pk)
    if one.state not in UNDOABLE:
        raise Refusal(
            _("This cannot be done now: the import is %(state)s.")
            % {"state": State(one.state).label}
        )
    one.state, one.undoes_touched, one.error = State.UNDOING, takes_touched, ""
    one.save(update_fields=["state", "undoes_touched", "error", *one.taken_from_its_worker()])
    journal.write(
        verb=Verb.IMPORT_UNDONE,
        subject=one,
        actor_id=by.pk if by is not None else None,
        now=now,
        data={"file": one.file_name, "source": one.source, "made": one.made},
    )
    doorbell.ring("importing.work_on_imports")


def remove_what_it_made(one: Import, *, now: dt.datetime, on_progress: OnGone) -> None:
    """Remove what ``one`` made: asks, posts, and the people of whom nothing is left. Killed, it goes on with what is still there.

    ``on_progress`` hears within each transaction how many posts, people and asks went in it. Lock contract: each under
    `hold_grouping`.
    """
    moments = moments_of(one)
    for some in batches(asks_of_others(one).values_list("pk", flat=True), POSTS_AT_ONCE):
        with turn():
            hold_grouping()
            asks = Ask.objects.filter(pk__in=some)
            ended = set(asks.values_list("pk", flat=True))
            if not one.undoes_touched:
                ended -= set(touched_asks(asks, one).values_list("pk", flat=True))
            _end_asks(ended, moments=moments, now=now)
            on_progress(0, 0, len(ended))
    for some in batches(one.posts().values_list("pk", flat=True), POSTS_AT_ONCE):
        with turn():
            hold_grouping()
            posts = Post.objects.filter(pk__in=some)
            gone = set(posts.values_list("pk", flat=True))
            if not one.undoes_touched:
                gone -= set(touched(posts, one).values_list("pk", flat=True))
            _remove(gone, moments=moments, now=now)
            on_progress(len(gone), 0, 0)
    for some in batches(replies_to_others(one).values_list("pk", flat=True), POSTS_AT_ONCE):
        with turn():
            # One that was claimed a moment ago is somebody's.
            take_comments_away(replies_to_others(one).filter(pk__in=some))
            on_progress(0, 0, 0)
    after = 0
    while True:
        with turn():
            erased, after = erase_those_without_words(
                origin=one.source, after=after, limit=PEOPLE_AT_ONCE
            )
            on_progress(0, erased, 0)
        if not after:
            break
    with transaction.atomic():
        _close_board(one, now=now)


def moments_of(one: Import) -> list[dt.datetime]:
    """Return the moments at which all that ``one`` made is dated here."""
    return [stretch.began_at for stretch in one.stretches.all()]


def _end_asks(asks: Collection[int], *, moments: Collection[dt.datetime], now: dt.datetime) -> None:
    """Erase these asks; their posts stay and are placed anew."""
    held = set(Membership.objects.filter(ask__in=asks).values_list("post", flat=True))
    leave_asks(held, now=now)
    _erase_asks(asks, post_ids=(), moments=moments, now=now)
    erase_decisions_made_at(moments, post_ids=held)


def _erase_asks(
    asks: Collection[int],
    *,
    post_ids: Collection[int],
    moments: Collection[dt.datetime],
    now: dt.datetime,
) -> None:
    items = erase_items_made_at(moments, ask_ids=asks, now=now)
    for model, pks in ((Post, post_ids), (Ask, asks), (Item, items)):
        erase_notices(of=model, pks=pks)
    erase_vectors(post_ids=post_ids)
    erase_empty_asks(ask_ids=asks, post_ids=post_ids, now=now)


def _remove(
    post_ids: Collection[int], *, moments: Collection[dt.datetime], now: dt.datetime
) -> None:
    empty = asks_left_empty(post_ids, now=now)
    _erase_asks(empty, post_ids=post_ids, moments=moments, now=now)
    erase_posts(post_ids=post_ids, now=now)


def _close_board(one: Import, *, now: dt.datetime) -> None:
    """Erase the board that was made for ``one``, where nobody has posted on it."""
    board = one.board if one.has_made_board else None
    if board is None or Post.objects.filter(board=board).exists():
        return
    if not Board.objects.filter(parent=board).exists():
        Import.objects.filter(board=board).update(board=None)
        erase_boards(boards=[board], now=now)
