"""At which state a post is shown: PUBLISHED on a board that everybody reads, INSIDE on a closed one, WITNESS of an agent."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from feedback.accounts.models import User
from feedback.forum.closed.models import Readers
from feedback.forum.closed.reading import READ, SHOWN
from feedback.forum.models import Board, Post
from feedback.forum.search import table
from feedback.forum.search.index import NOT_SEARCHABLE
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import doorbell
from feedback.kernel.turns import turn

#: Posts that one transaction moves: each is a row, and up to three in the search index.
AT_ONCE = 250


def shown_on(board: Board) -> Post.State:
    """Return the state at which the posts of ``board`` are shown."""
    return _shown_to(board.readers)


def settled(state: Post.State, *, board_id: int, author_id: int) -> Post.State:
    """Return ``state`` as a post of this author on this board may have it: to be shown means something else on a closed board.

    What an agent posts is never shown so: it waits to be confirmed, and until then no count, order, search or run knows of it. What
    waited so of an account that is no agent any more is shown as any other post.
    Everything that writes the state of a post asks here. Call it in a transaction. Lock contract: the board's row, so that nobody
    closes the board before the post is written.
    """
    if state not in READ:
        return state
    if User.objects.filter(pk=author_id, acts_for__isnull=False).exists():
        return Post.State.WITNESS
    return shown_on(Board.objects.select_for_update(no_key=True, of=("self",)).get(pk=board_id))


def hold_posts(board: Board, readers: str) -> list[int]:
    """Hold the rows of the first posts that change when ``readers`` read ``board``: those come before the board's, as where one is hidden."""
    moving = _out_of_step(board, _shown_to(readers)).order_by("-pk").values_list("pk", flat=True)
    held = Post.objects.select_for_update(no_key=True).filter(pk__in=list(moving[:AT_ONCE]))
    return list(held.order_by("pk").values_list("pk", flat=True))


def change_readers(
    board: Board, readers: str, *, held: Collection[int], actor_id: int | None, now: dt.datetime
) -> int:
    """Say who reads ``board``, and have its posts be shown to them alone; return how many that changed at once.

    What is posted from now on stands as it says. Of the posts that are there those ``held`` change at once, and the worker has the rest
    follow in short transactions (`follow_boards`): nobody waits while a large board is closed.

    A post that is shown no more to everybody leaves the search at once, and its ask as a hidden one does; one that is shown to
    everybody again comes back into both. No-op where the same people read it already. Call it in a transaction. Lock contract: the
    board's row, held, and before it those of its first posts (`hold_posts`).
    """
    came_from = board.readers
    if came_from == readers:
        return 0
    board.readers = readers
    board.save(update_fields=["readers"])
    moved = _move(board, held)
    _record(board, came_from, moved, actor_id=actor_id, now=now)
    if _out_of_step(board, shown_on(board)).exists():
        doorbell.ring("forum.follow_boards")
    return moved


def boards_following() -> dict[int, int]:
    """Return how many posts stand as the readers of their board were before, by board: they are moved in a moment."""
    boards = Board.objects.filter(pk__in=_boards_out_of_step())
    return {board.pk: _out_of_step(board, shown_on(board)).count() for board in boards}


def follow_boards(*, now: dt.datetime) -> None:
    """Have the posts of every board stand as its readers say, a few in each transaction, the newest first.

    Looks at what is there and remembers nothing: killed, it goes on at the next look, and what somebody wrote into the database is
    mended too.
    """
    for pk in _boards_out_of_step():
        while _follow_some(pk, now=now):
            pass


def _follow_some(board_id: int, *, now: dt.datetime) -> bool:
    """Move some posts of a board; return whether there may be more. With the last, the journal says that all have followed."""
    with turn():
        # Posts before their board, as everywhere. Who changes its readers meanwhile finds the rest.
        before = Board.objects.filter(pk=board_id).first()
        held = hold_posts(before, before.readers) if before else []
        board = (
            Board.objects.select_for_update(no_key=True, of=("self",)).filter(pk=board_id).first()
        )
        if board is None or not held:
            return False
        moved = _move(board, held)
        is_more = _out_of_step(board, shown_on(board)).exists()
        if not is_more:
            _record(board, board.readers, moved, actor_id=None, now=now)
        return is_more


def _record(
    board: Board, came_from: str, moved: int, *, actor_id: int | None, now: dt.datetime
) -> None:
    journal.write(
        verb=Verb.BOARD_READERS_CHANGED,
        subject=board,
        actor_id=actor_id,
        now=now,
        data={
            "slug": board.slug,
            "from": str(came_from),
            "to": str(board.readers),
            "posts": moved,
        },
    )


def _shown_to(readers: str) -> Post.State:
    return Post.State.PUBLISHED if readers == Readers.EVERYONE else Post.State.INSIDE


def _out_of_step(board: Board, state: Post.State) -> QuerySet[Post]:
    """Return the posts of ``board`` that are shown, and not at ``state``."""
    others = [one for one in SHOWN if one != state]
    return Post.objects.filter(board=board, state__in=others)


def _boards_out_of_step() -> list[int]:
    """Return the boards that have posts which stand as their readers do not say."""
    there = Post.objects.filter(board=OuterRef("pk"))
    open_to_all = Q(readers=Readers.EVERYONE)
    wrong = Q(Exists(there.filter(state=Post.State.INSIDE)), open_to_all)
    wrong |= Q(Exists(there.filter(state=Post.State.PUBLISHED)), ~open_to_all)
    return list(Board.objects.filter(wrong).order_by("pk").values_list("pk", flat=True))


def _move(board: Board, pks: Collection[int]) -> int:
    """Write where these posts stand, those that still stand otherwise; return how many did.

    Published, they wait to be indexed; inside, they have no row in the search index and wait for none.
    """
    state = shown_on(board)
    indexed_as = "" if state == Post.State.PUBLISHED else NOT_SEARCHABLE
    moving = list(_out_of_step(board, state).filter(pk__in=pks).values_list("pk", flat=True))
    table.delete(moving)
    return Post.objects.filter(pk__in=moving).update(state=state, indexed_as=indexed_as)


def _strays() -> QuerySet[Post]:
    closed = Board.objects.exclude(readers=Readers.EVERYONE)
    return Post.objects.filter(board__in=closed.values("pk"), state=Post.State.PUBLISHED)


def posts_out_of_standing() -> QuerySet[Post]:
    """Return the posts that are shown though an agent wrote them, and those that wait for whom nobody acts any more.

    A worker follows what becomes of an account (`forum.agents`); what was written in that very moment it may not have seen.
    """
    shown = Q(state__in=SHOWN, author__acts_for__isnull=False)
    return Post.objects.filter(shown | Q(state=Post.State.WITNESS, author__acts_for=None))


def wrongly_public() -> int:
    """Return how many posts are published on a closed board, which must be none: somebody wrote into the database."""
    return _strays().count()
