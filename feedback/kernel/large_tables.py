"""Changing a table while people read and write it, and while processes of the version before do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations import AddIndex, RemoveField


class AddIndexBesideWriters(AddIndex):
    """Makes an index without keeping anybody from writing, on PostgreSQL; as ever on SQLite, and in a transaction around it all, which holds the tables anyway.

    It stands alone in its migration, which says ``atomic = False``. What was broken off leaves an index that PostgreSQL does not
    use: it goes first, so the migration may be run again.
    """

    atomic = False

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        name = schema_editor.quote_name(self.index.name)
        if (
            schema_editor.connection.vendor != "postgresql"
            or schema_editor.connection.in_atomic_block
        ):
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        with _waiting_for_all(schema_editor):
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            schema_editor.add_index(model, self.index, concurrently=True)


@contextmanager
def _waiting_for_all(schema_editor: Any) -> Iterator[None]:
    """Have statements of this block wait as long as it takes: beside writers nobody waits behind them."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        before = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('lock_timeout', '0', false)")
        try:
            yield
        finally:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [before])


class LeaveColumn(RemoveField):
    """Takes a field out of the models and leaves its column to the version before, which still reads and writes it.

    On PostgreSQL the column stays, with the field's default for rows of today's version; a later release drops it. On SQLite, where
    no two versions run at once, it goes.
    """

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            field = model._meta.get_field(self.name)
            default = schema_editor.quote_value(schema_editor.effective_default(field))
            _alter(schema_editor, model, field, f"SET DEFAULT {default}")

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        field = model._meta.get_field(self.name)
        if schema_editor.connection.vendor == "postgresql" and _has(schema_editor, model, field):
            _alter(schema_editor, model, field, "DROP DEFAULT")
        else:
            super().database_backwards(app_label, schema_editor, from_state, to_state)


def _alter(schema_editor: Any, model: Any, field: Any, change: str) -> None:
    table = schema_editor.quote_name(model._meta.db_table)
    column = schema_editor.quote_name(field.column)
    schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} {change}")


def _has(schema_editor: Any, model: Any, field: Any) -> bool:
    """Whether the column is there: a site that was migrated before `LeaveColumn` lost it."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, model._meta.db_table)
    return any(one.name == field.column for one in columns)
