"""Changing the schema of a site at work on PostgreSQL: nobody waits long for a table, and processes of before may go on writing."""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterUniqueTogether,
    CreateModel,
    Migration,
    RemoveConstraint,
    RemoveField,
    RemoveIndex,
)
from django.db.models import Field, ForeignKey, Model

from feedback.kernel.large_tables import AddIndexBesideWriters

logger = logging.getLogger(__name__)

#: Milliseconds that a change waits for all its tables, by the number of the try, again and again; whoever comes after it waits
#: behind it. Then it lets go. Mostly under the second after which PostgreSQL looks for a deadlock, so that of a change and a page
#: that wait for each other the change lets go; the last is for what cleans a table by itself (autovacuum), which makes way for
#: whoever has waited a second.
PATIENCE_MILLISECONDS = (300, 600, 900, 1_800)
#: What waits for one table alone.
LOCK_MILLISECONDS = 900
TRIES, PAUSE_SECONDS = 60, 3.0
_NOT_IN_TIME, _DEADLOCK = "55P03", "40P01"

#: How a table is held, the stronger the later.
_MODES = ("SHARE", "SHARE ROW EXCLUSIVE", "ACCESS EXCLUSIVE")
_SHARE, _REFERENCED, _ALONE = range(3)
_HOLDS_ALONE = (AddField, RemoveField, AddConstraint, RemoveConstraint, AlterUniqueTogether, RemoveIndex)  # fmt: skip


class BusyTable(Exception):
    """A table was in use each time that the change wanted it."""


class Beside:
    """What the change in hand is: which migration comes next, and how long it waits for its tables."""

    def __init__(self) -> None:
        self.next: Migration | None = None
        self.patience = PATIENCE_MILLISECONDS[0]


@contextmanager
def beside_others(connection: BaseDatabaseWrapper) -> Iterator[Beside]:
    """Have what changes the schema in this block wait no longer than `PATIENCE_MILLISECONDS` for its tables, and keep the defaults of new columns.

    A process of the version before names no new column when it writes a row: the database fills it in. The tables of the `Beside.next`
    migration are taken at its start, all or none: who holds one and waits for another later on may be waited for in turn.
    """
    beside = Beside()
    if connection.vendor != "postgresql":
        yield beside
        return
    before = connection.SchemaEditorClass
    _say_lock_timeout(connection, LOCK_MILLISECONDS)
    connection.SchemaEditorClass = _considerate(before, beside)
    try:
        yield beside
    finally:
        connection.SchemaEditorClass = before
        _say_lock_timeout(connection, 0)


def _say_lock_timeout(connection: BaseDatabaseWrapper, most: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{most}ms"])


def tables_of(migration: Migration) -> dict[str, str]:
    """Return how ``migration`` holds each table that is there before it, by the table's name; code of its own is not looked into."""
    found: dict[str, int] = {}

    def hold(named: object, mode: int) -> None:
        label = named if isinstance(named, str) else getattr(named, "_meta").label  # noqa: B009
        if label != "self":
            app, _, name = label.rpartition(".")
            try:
                table = apps.get_model(app or migration.app_label, name)._meta.db_table
            except LookupError:
                return  # it has gone since
            found[table] = max(mode, found.get(table, 0))

    for operation in migration.operations:
        fields: list[Any] = []
        if isinstance(operation, CreateModel):
            fields = [field for _, field in operation.fields]
        elif isinstance(operation, _HOLDS_ALONE):
            hold(getattr(operation, "model_name", "") or getattr(operation, "name", ""), _ALONE)
            fields = [operation.field] if isinstance(operation, AddField) else []
        elif isinstance(operation, AddIndex) and not isinstance(operation, AddIndexBesideWriters):
            hold(operation.model_name, _SHARE)
        for field in fields:
            if isinstance(field, ForeignKey) and getattr(field, "db_constraint", True):
                hold(field.remote_field.model, _REFERENCED)
    return {table: _MODES[mode] for table, mode in sorted(found.items())}


def _take(connection: BaseDatabaseWrapper, tables: dict[str, str], patience: int) -> None:
    """Hold ``tables`` until the transaction ends. Raises `OperationalError` when that takes more than ``patience`` milliseconds in all."""
    deadline = time.monotonic() + patience / 1000
    with connection.cursor() as cursor:
        for table, mode in tables.items():
            cursor.execute("SELECT to_regclass(%s) IS NULL", [table])
            if cursor.fetchone()[0]:
                continue  # this migration or one that is taken for done makes it
            left = max(1, round(1000 * (deadline - time.monotonic())))
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{left}ms"])
            cursor.execute(f"LOCK TABLE {connection.ops.quote_name(table)} IN {mode} MODE")
        # What its own code and changed columns take comes later, and waits as long.
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{patience}ms"])


def _considerate(editor: Any, beside: Beside) -> Any:
    class Considerate(editor):  # type: ignore[misc]
        """Takes its tables at once, and leaves the default of a column that is added, which Django takes away once the rows are there."""

        _is_adding = False

        def __enter__(self) -> Any:
            entered = super().__enter__()
            if self.atomic_migration and beside.next is not None:
                try:
                    _take(self.connection, tables_of(beside.next), beside.patience)
                except BaseException:
                    self.__exit__(*sys.exc_info())
                    raise
            return entered

        def add_field(self, model: type[Model], field: "Field[Any, Any]") -> None:
            self._is_adding = True
            try:
                super().add_field(model, field)
            finally:
                self._is_adding = False

        def skip_default_on_alter(self, field: "Field[Any, Any]") -> bool:
            return self._is_adding or bool(super().skip_default_on_alter(field))

    return Considerate


def until_done(change: Callable[[], object], *, beside: Beside, tries: int = TRIES) -> None:
    """Do ``change`` again for as long as a table is in use; it goes on behind what it has done. Raises `BusyTable`."""
    for number in range(1, tries + 1):
        beside.patience = PATIENCE_MILLISECONDS[(number - 1) % len(PATIENCE_MILLISECONDS)]
        try:
            change()
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") not in (_NOT_IN_TIME, _DEADLOCK):
                raise
            if number == tries:
                raise BusyTable from error
            logger.warning("A table is in use; the change of the schema lets go and tries again.")
            time.sleep(PAUSE_SECONDS)
        else:
            return
