"""At which state a post is shown: PUBLISHED on a board that everybody reads, INSIDE on a closed one."""

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet

from feedback.forum.closed.models import Readers
from feedback.forum.closed.reading import SHOWN
from feedback.forum.models import Board, Post
from feedback.forum.search import table
from feedback.forum.search.index import NOT_SEARCHABLE
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel.batches import batches


def shown_on(board: Board) -> Post.State:
    """Return the state at which the posts of ``board`` are shown."""
    return Post.State.INSIDE if board.is_closed else Post.State.PUBLISHED


def settled(state: Post.State, board_id: int) -> Post.State:
    """Return ``state`` as a post on this board may have it: to be shown means something else on a closed board.

    Everything that writes the state of a post asks here. Call it in a transaction. Lock contract: the board's row, so that nobody
    closes the board before the post is written.
    """
    if state not in SHOWN:
        return state
    return shown_on(Board.objects.select_for_update(no_key=True, of=("self",)).get(pk=board_id))


def hold_posts(board: Board) -> None:
    """Hold the rows of the posts that are shown on ``board``: those come before the board's, as where one is hidden."""
    shown = Post.objects.select_for_update(no_key=True).filter(board=board, state__in=SHOWN)
    list(shown.order_by("pk").values_list("pk", flat=True))


def change_readers(board: Board, readers: str, *, actor_id: int | None, now: dt.datetime) -> int:
    """Say who reads ``board``, and have its posts be shown to them alone; return how many posts that changed.

    A post that is shown no more to everybody leaves the search at once, and its ask as a hidden one does; one that is shown to
    everybody again comes back into both. No-op where the same people read it already. Call it in a transaction. Lock contract: the
    board's row, held, and before it those of its posts (`hold_posts`).
    """
    came_from = board.readers
    if came_from == readers:
        return 0
    board.readers = readers
    board.save(update_fields=["readers"])
    state = shown_on(board)
    moving = Post.objects.filter(~Q(state=state), board=board, state__in=SHOWN)
    pks = list(moving.values_list("pk", flat=True))
    for some in batches(pks):
        _write(some, state=state)
    journal.write(
        verb=Verb.BOARD_READERS_CHANGED,
        subject=board,
        actor_id=actor_id,
        now=now,
        data={
            "slug": board.slug,
            "from": came_from,
            "to": str(readers),
            "posts": len(pks),
        },
    )
    return len(pks)


def _write(pks: list[int], *, state: Post.State) -> None:
    """Write where these few posts stand: published, they wait to be indexed; inside, they have no row and wait for none."""
    indexed_as = "" if state == Post.State.PUBLISHED else NOT_SEARCHABLE
    Post.objects.filter(pk__in=pks).update(state=state, indexed_as=indexed_as)
    table.delete(pks)


def _strays() -> QuerySet[Post]:
    closed = Board.objects.exclude(readers=Readers.EVERYONE)
    return Post.objects.filter(board__in=closed.values("pk"), state=Post.State.PUBLISHED)


def wrongly_public() -> int:
    """Return how many posts are published on a closed board, which must be none: somebody wrote into the database."""
    return _strays().count()


@transaction.atomic
def enclose_strays() -> None:
    """Have what is published on a closed board be shown to its readers alone."""
    for some in batches(_strays().values_list("pk", flat=True)):
        _write(some, state=Post.State.INSIDE)
