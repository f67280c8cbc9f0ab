"""Pages read from a copy of the database that PostgreSQL keeps (a standby), where the operator names one.

Only a page is ever read there, and only for somebody who has not written lately. What may not be late is asked of the main
database as ever: sessions, people and their rights, limits, and all that is read in a transaction or before a write. How far a
copy is behind is bounded by its position in the journal of the main database, not by a clock. See ADR 0106.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

logger = logging.getLogger(__name__)

ALIAS = "replica"
#: Seconds between two looks at how far the copy is, and how long one that failed is left alone.
LOOK_SECONDS, LEFT_ALONE_SECONDS = 2.0, 30.0
#: Seconds that a page may be behind: within these two looks must lie.
BEHIND_SECONDS = 10.0
#: Whoever wrote reads the main database for so many seconds; longer than a page may be behind.
WROTE_SECONDS = 15
#: Who someone is and what they may do is never late, nor is what processes keep for each other.
_NEVER_LATE = frozenset(
    {"accounts", "account", "mfa", "socialaccount", "sessions", "django_cache", "contenttypes"}
)
#: Where people prove who they are, work, or ask how the site is.
_NEVER_LATE_AT = ("/accounts/", "/settings/", "/desk/", "/admin/", "/livez", "/readyz", "/metrics")

_is_reading: ContextVar[bool] = ContextVar("reads a replica", default=False)


class Router:
    """Sends what a page reads to the copy while `reading`, and everything else to the main database."""

    def db_for_read(self, model: Any, **_hints: Any) -> str:
        is_late = (
            _is_reading.get()
            and model._meta.app_label not in _NEVER_LATE
            and not transaction.get_connection().in_atomic_block
        )
        return ALIAS if is_late else "default"

    def db_for_write(self, _model: Any, **_hints: Any) -> str:
        return "default"

    def allow_relation(self, _one: Any, _other: Any, **_hints: Any) -> bool:
        return True

    def allow_migrate(self, database: str, _app: str, **_hints: Any) -> bool:
        return database == "default"


@contextmanager
def reading() -> Iterator[None]:
    """Have what is read within come from the copy."""
    token = _is_reading.set(True)
    try:
        yield
    finally:
        _is_reading.reset(token)


class Standing:
    """Whether the copy is near enough to the main database, as this process saw it last.

    At each look the main database is asked where its journal ends. A copy that has reached where that was at the look before
    is behind by no more than the time between the two.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next_look = 0.0
        self._ended: tuple[float, int] | None = None
        self._good_until = 0.0

    def is_near(self) -> bool:
        """Whether pages may be read from it; looks again where the last look is too old. Never raises."""
        now = time.monotonic()
        with self._lock:
            is_due = now >= self._next_look
            if is_due:
                self._next_look = now + LOOK_SECONDS
        if is_due:
            self._look(now)
        return now < self._good_until

    def failed(self) -> None:
        """Leave it alone for a while."""
        self._good_until, self._ended = 0.0, None
        self._next_look = time.monotonic() + LEFT_ALONE_SECONDS

    def _look(self, now: float) -> None:
        before = self._ended
        try:
            reached = reached_by(ALIAS)
            self._ended = (now, ended_at("default"))
        except DatabaseError as error:
            logger.warning("The replica is left alone for %g s: %s", LEFT_ALONE_SECONDS, error)
            return self.failed()
        if before is None or reached is None or now - before[0] > BEHIND_SECONDS:
            return None
        if reached >= before[1]:
            self._good_until = before[0] + BEHIND_SECONDS
        return None


def ended_at(alias: str) -> int:
    """Return where the journal of the database ends, in bytes. Raises `DatabaseError`."""
    return int(_asked(alias, "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn"))


def reached_by(alias: str) -> int | None:
    """Return how far a copy has come, in bytes of the journal; None where it is no copy. Raises `DatabaseError`."""
    reached = _asked(alias, "SELECT pg_last_wal_replay_lsn() - '0/0'::pg_lsn")
    return None if reached is None else int(reached)


def _asked(alias: str, query: str) -> Any:
    with connections[alias].cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


#: Of this process.
standing = Standing()


class ReadsFromReplica:
    """Has pages read from the copy for whoever may; stands behind authentication.

    A page that is not found there, or fails there, is read again from the main database: it may be too new, or the copy gone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            response = self.get_response(request)
            response.set_cookie(
                settings.WROTE_COOKIE_NAME,
                "1",
                max_age=WROTE_SECONDS,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
            return response
        if not _may_be_late(request) or not standing.is_near():
            return self.get_response(request)
        with reading():
            response = self.get_response(request)
        if response.status_code != 404 and response.status_code < 500:
            return response
        if connections[ALIAS].errors_occurred:
            standing.failed()
        return self.get_response(request)


def _may_be_late(request: HttpRequest) -> bool:
    return (
        settings.WROTE_COOKIE_NAME not in request.COOKIES
        and "Authorization" not in request.headers
        and not request.path_info.startswith(_NEVER_LATE_AT)
        and not getattr(request.user, "is_team", False)
    )
