"""An older SQLite file becomes one of today's schema, beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction

from feedback.ops.archive.older.changes import Changes, Schema, plan
from feedback.ops.archive.older.copying import OLD, copy_rows


def rebuild(path: Path, changes: Changes) -> None:
    """Make the database ``path`` one of today's schema. Raises `CannotArchive` or a database error."""
    new = path.with_name("today.sqlite3")
    with _site_is(new), connection.cursor() as cursor:
        call_command("migrate", verbosity=0, interactive=False)
        cursor.execute(f"ATTACH DATABASE %s AS {OLD}", [str(path)])
        cursor.execute(f"SELECT name, seq FROM {OLD}.sqlite_sequence")  # noqa: S608
        last_ids = dict(cursor.fetchall())
        copies = plan(changes, old=_schema(cursor, OLD), new=_schema(cursor, "main"))
        with transaction.atomic():
            copy_rows(changes, copies, last_ids)
        cursor.execute(f"DETACH DATABASE {OLD}")
        cursor.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    new.replace(path)


@contextmanager
def _site_is(path: Path) -> Iterator[None]:
    """Have the site's own connection lead to ``path``: not every migration of a package looks at another's."""
    present = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(path)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = present


def _schema(cursor: Any, database: str) -> Schema:
    cursor.execute(
        f"SELECT name, sql LIKE 'CREATE VIRTUAL%' FROM {database}.sqlite_master"  # noqa: S608
        " WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    tables: dict[str, bool] = dict(cursor.fetchall())
    virtual = [name for name, is_virtual in tables.items() if is_virtual]
    schema = {}
    for name in tables:
        if any(name.startswith(f"{whole}_") for whole in virtual):
            continue  # the search index keeps its own tables
        cursor.execute(f'PRAGMA {database}.table_info("{name}")')
        schema[name] = {
            column: bool(not_null and default is None and not key)
            for _, column, _, not_null, default, key in cursor.fetchall()
        }
        if name in virtual:
            schema[name]["rowid"] = True
    return schema
