"""Changing the schema of a site at work on PostgreSQL: nobody waits long for a table, and processes of before may go on writing."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model

logger = logging.getLogger(__name__)

#: Seconds that a change waits for a table, and whoever comes after it waits behind it; then it lets go and tries again.
LOCK_SECONDS = 2
TRIES, PAUSE_SECONDS = 60, 3.0
_NOT_IN_TIME = "55P03"


class BusyTable(Exception):
    """A table was in use each time that the change wanted it."""


@contextmanager
def beside_others(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Have what changes the schema in this block wait `LOCK_SECONDS` for a table at most, and keep the defaults of new columns.

    A process of the version before names no new column when it writes a row: the database fills it in.
    """
    if connection.vendor != "postgresql":
        yield
        return
    before = connection.SchemaEditorClass
    _say_lock_timeout(connection, f"{LOCK_SECONDS}s")
    connection.SchemaEditorClass = _keeping_defaults(before)
    try:
        yield
    finally:
        connection.SchemaEditorClass = before
        _say_lock_timeout(connection, "0")


def _say_lock_timeout(connection: BaseDatabaseWrapper, most: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [most])


def _keeping_defaults(editor: Any) -> Any:
    class Keeping(editor):  # type: ignore[misc]
        """Leaves the default of a column that is added in the database, which Django takes away once the rows are there."""

        _is_adding = False

        def add_field(self, model: type[Model], field: "Field[Any, Any]") -> None:
            self._is_adding = True
            try:
                super().add_field(model, field)
            finally:
                self._is_adding = False

        def skip_default_on_alter(self, field: "Field[Any, Any]") -> bool:
            return self._is_adding or bool(super().skip_default_on_alter(field))

    return Keeping


def until_done(change: Callable[[], object], *, tries: int = TRIES) -> None:
    """Do ``change`` again for as long as a table is in use; it goes on behind what it has done. Raises `BusyTable`."""
    for left in reversed(range(tries)):
        try:
            change()
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != _NOT_IN_TIME:
                raise
            if not left:
                raise BusyTable from error
            logger.warning("A table is in use; the change of the schema lets go and tries again.")
            time.sleep(PAUSE_SECONDS)
        else:
            return
