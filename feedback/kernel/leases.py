"""Claiming work, so that one worker does a piece of it at a time, however many there are and whoever is killed.

A table of work has the columns of `Work`. Claiming a row is one conditional update that raises its attempts: of two
workers one gets it, and one that was away for longer than its lease learns that the row is no longer its own. What a
killed worker held is free again when the lease ends.
"""

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar, cast

from django.db import DatabaseError, connection
from django.db.models import Model, Q, QuerySet

from feedback.kernel import clock

logger = logging.getLogger(__name__)

Row = TypeVar("Row", bound=Model)


class Work(Protocol):
    """What a row needs to be claimed. ``leased_until`` is empty while nobody is at it.

    By ``attempts`` two who held the row at different times are told apart: set back, one of long ago could hold it again.
    """

    pk: int
    leased_until: dt.datetime | None
    attempts: int


class TakenOver(Exception):
    """The lease ended while a worker was at the row, and another took the row up."""


@dataclass(frozen=True)
class Lease(Generic[Row]):
    """A row that this worker has claimed for the ``attempt``-th time that anybody did, from 1."""

    row: Row
    attempt: int
    lasts: dt.timedelta

    def renew(self, **values: object) -> None:
        """Hold the row for as long again from now, and write ``values`` to it. Raises `TakenOver`."""
        if not self._held().update(leased_until=clock.now() + self.lasts, **values):
            raise TakenOver

    def end(self, **values: object) -> bool:
        """Let the row go, done or failed as ``values`` say; return whether it was still ours.

        In the transaction of what was done, before it: then a row that was taken over is done once all the same.
        """
        return bool(self._held().update(leased_until=None, **values))

    def is_spent(self, attempts: int, *, since: int = 0) -> bool:
        """Whether the work has stopped its workers in the middle ``attempts`` times; then it ends as failed.

        Those up to ``since`` do not count: they did other work on the row. Of a row with a state, a time when it finished, and an error.
        """
        if self.attempt - since <= attempts:
            return False
        self._fail(f"Stopped in the middle {attempts} times.")
        return True

    @contextmanager
    def or_failed(self) -> Iterator[None]:
        """Let the row go as failed, with the error, when one is raised in the block; it is raised on.

        Of a row as `is_spent` says. `TakenOver` is no failure: the row is another's.
        """
        try:
            yield
        except TakenOver:
            raise
        except Exception as error:
            logger.exception("%s failed", self.row)
            self._fail(f"{type(error).__name__}: {error}")
            raise

    def _fail(self, error: str) -> None:
        self.end(state="FAILED", finished_at=clock.now(), error=error[:2000])

    @contextmanager
    def kept_alive(self) -> Iterator[None]:
        """Renew the lease from a thread until the block ends; whether it was taken over, `renew` tells then."""

        def renew() -> None:
            self._held().update(leased_until=clock.now() + self.lasts)

        with kept_alive(renew, seconds=self.lasts.total_seconds()):
            yield

    def _held(self) -> QuerySet[Row]:
        rows = type(self.row)._default_manager.filter(pk=self.row.pk)
        return rows.filter(attempts=self.attempt, leased_until__isnull=False)


def free(now: dt.datetime) -> Q:
    """Return the condition that nobody is at a row."""
    return Q(leased_until__isnull=True) | Q(leased_until__lt=now)


def claim(
    rows: QuerySet[Row], row: Row, *, lasts: dt.timedelta, **values: object
) -> Lease[Row] | None:
    """Claim ``row`` as it was read, with ``values``, if it still is one of ``rows``: of those that may be claimed.

    Returns None when another worker was quicker.
    """
    work = cast(Work, row)
    until, attempt = clock.now() + lasts, work.attempts + 1
    still_there = rows.filter(pk=work.pk, attempts=work.attempts)
    if not still_there.update(leased_until=until, attempts=attempt, **values):
        return None
    for name, value in {"leased_until": until, "attempts": attempt, **values}.items():
        setattr(row, name, value)
    return Lease(row, attempt, lasts)


def pause(failures: int, *, first: dt.timedelta, longest: dt.timedelta) -> dt.timedelta:
    """Return how long to wait after so many failures in a row: ``first``, then twice as long each time."""
    return min(longest, first * (1 << min(failures - 1, 20)))


@contextmanager
def kept_alive(renew: Callable[[], object], *, seconds: float) -> Iterator[None]:
    """Call ``renew`` four times within each ``seconds`` from a thread, until the block ends."""
    done = threading.Event()

    def go_on() -> None:
        while not done.wait(seconds / 4):
            try:
                renew()
            except (
                DatabaseError
            ):  # busy, or away for a moment: there are three more before the lease ends
                logger.warning("A lease was not renewed in time.", exc_info=True)
        connection.close()

    thread = threading.Thread(target=go_on, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(5)
