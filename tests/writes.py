"""How many rows each transaction writes: whoever holds SQLite's one writer holds everybody up."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from feedback.accounts.models import User
from feedback.forum.models import Board, Post
from feedback.kernel import clock

#: Rows that one transaction may write; who needs more is named where it is asserted.
MOST = 1_000
_WRITES = ("INSERT", "UPDATE", "DELETE")


class Written:
    """``transactions`` are the rows that each wrote, in their order."""

    def __init__(self) -> None:
        self.transactions: list[int] = []
        self._rows = 0

    @property
    def most(self) -> int:
        return max(self.transactions, default=0)

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if sql.lstrip("( ").upper().startswith(_WRITES):
            self._rows += max(0, context["cursor"].rowcount)
            if not connection.in_atomic_block:
                self.close()
        return result

    def close(self) -> None:
        if self._rows:
            self.transactions.append(self._rows)
        self._rows = 0


@contextmanager
def counted_writes() -> Iterator[Written]:
    """Count the rows written in the block, by outermost transaction. Of a test with real transactions."""
    written, leave = Written(), transaction.Atomic.__exit__

    def leaving(self: Any, *raised: Any) -> None:
        leave(self, *raised)
        if not connection.in_atomic_block:
            written.close()

    transaction.Atomic.__exit__ = leaving  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(written):
            yield written
    finally:
        transaction.Atomic.__exit__ = leave  # type: ignore[method-assign]
        written.close()


def many_posts(*, board: Board, authors: Sequence[User], count: int, **more: Any) -> list[Post]:
    """Return so many posts on ``board``, written in one go, by ``authors`` in turn."""
    now = clock.now()
    return Post.objects.bulk_create(
        Post(
            board=board,
            author=authors[n % len(authors)],
            public_id=f"many{n:07d}",
            title=f"Number {n}",
            content_hash=f"{n:032d}",
            posted_at=now,
            arrived_at=now,
            last_activity_at=now,
            **more,
        )
        for n in range(count)
    )
