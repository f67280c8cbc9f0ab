"""How long a page waits for the database: not as long as a job may."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

#: Milliseconds that a page waits for SQLite's lock, and that PostgreSQL works on one statement of it.
_LOCK = 8_000
_STATEMENT = 30_000


def have_little() -> None:
    """Bound what every connection of this process waits for."""
    connection_created.connect(_bound, dispatch_uid="heed.patience")


def _bound(*, connection: BaseDatabaseWrapper, **about: Any) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA busy_timeout = {_LOCK}")
        else:
            cursor.execute(f"SET statement_timeout = {_STATEMENT}")
