"""Whether a database error passes by itself: away, locked, full or too slow, and not a mistake of ours."""

from collections.abc import Iterator

from django.db.utils import DatabaseError, InterfaceError, OperationalError

#: What SQLite says where it was locked, full, not to be written to or not there.
_SQLITE = (
    "database is locked",
    "database table is locked",
    "database or disk is full",
    "attempt to write a readonly database",
    "unable to open database file",
    "disk i/o error",
)
#: SQLSTATE of PostgreSQL: connection lost, no room or memory left, shutting down; read-only, cancelled, locked, deadlocked.
_CLASSES = ("08", "53", "57P")
_STATES = ("25006", "57014", "55P03", "40001", "40P01")


def is_passing(error: BaseException | None) -> bool:
    """Return whether ``error``, or what it came from, is the database's state and not a mistake."""
    return any(_passes(one) for one in _chain(error))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _passes(error: BaseException) -> bool:
    if not isinstance(error, (DatabaseError, InterfaceError)):
        return False
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None) or ""
    if state:
        return state.startswith(_CLASSES) or state in _STATES
    if type(cause).__module__.startswith("psycopg"):
        return isinstance(error, (OperationalError, InterfaceError))
    return isinstance(error, OperationalError) and str(error).lower().startswith(_SQLITE)
