"""Changing a table with many rows while people read and write it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations import AddIndex


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
