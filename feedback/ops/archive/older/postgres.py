"""A PostgreSQL site becomes what a dump of an older schema says, in today's schema and in one transaction."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction

from feedback.ops.archive import postgres
from feedback.ops.archive.older.changes import Changes, Schema, plan
from feedback.ops.archive.older.copying import OLD, copy_rows

_ROWS = re.compile(rb"COPY (?:\w+\.)?(\w+) \((.+)\) FROM stdin;\n")
_LAST_ID = re.compile(rb"SELECT pg_catalog\.setval\('(?:\w+\.)?(\w+)_id_seq', (\d+), true\);\n")
_END = b"\\.\n"


@dataclass
class _Script:
    """What pg_restore wrote: by table its columns and the byte at which its rows begin; the last ids given."""

    path: Path
    columns: dict[str, list[str]] = field(default_factory=dict)
    begins: dict[str, int] = field(default_factory=dict)
    last_ids: dict[str, int] = field(default_factory=dict)

    def rows(self, table: str) -> Iterator[bytes]:
        """Yield the rows of ``table`` as COPY reads them."""
        with self.path.open("rb") as file:
            file.seek(self.begins[table])
            yield from takewhile(_END.__ne__, file)


def load(source: Path, changes: Changes) -> None:
    """Make the database what the dump ``source`` says, in today's schema: all of it or nothing.

    Raises `CannotArchive` or a database error. Heed's tables of before are gone afterwards; others stay.
    """
    script = _read(postgres.script(source))
    with transaction.atomic(), connection.cursor() as cursor:
        _drop(
            cursor,
            {*connection.introspection.django_table_names(only_existing=True), *script.columns},
        )
        call_command("migrate", verbosity=0, interactive=False)
        # Migrations have set some to IMMEDIATE, and tables are copied in the order of their names.
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(f"CREATE SCHEMA {OLD}")
        new, types = _schema(cursor)
        for table in script.columns:
            if table not in changes.left_out:
                _lay_beside(cursor, script, table, changes, types)
        old = {table: dict.fromkeys(columns, False) for table, columns in script.columns.items()}
        copy_rows(changes, plan(changes, old=old, new=new), script.last_ids)
        cursor.execute(f"DROP SCHEMA {OLD} CASCADE")


def _read(path: Path) -> _Script:
    script, at, within_rows = _Script(path), 0, False
    with path.open("rb") as file:
        for line in file:
            at += len(line)
            if within_rows:
                within_rows = line != _END
            elif begins := _ROWS.fullmatch(line):
                within_rows, table = True, begins[1].decode()
                script.columns[table] = begins[2].decode().replace('"', "").split(", ")
                script.begins[table] = at
            elif given := _LAST_ID.fullmatch(line):
                script.last_ids[given[1].decode()] = int(given[2])
    return script


def _drop(cursor: Any, tables: set[str]) -> None:
    names = ", ".join(map(connection.ops.quote_name, sorted(tables)))
    cursor.execute(f"DROP TABLE IF EXISTS {names}")


def _schema(cursor: Any) -> tuple[Schema, dict[str, dict[str, str]]]:
    """Return today's columns, and their types."""
    cursor.execute(
        "SELECT relname, attname, attnotnull AND NOT atthasdef AND attidentity = '',"
        " format_type(atttypid, atttypmod)"
        " FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
        " WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'"
        " AND attnum > 0 AND NOT attisdropped"
    )
    schema: dict[str, dict[str, bool]] = {}
    types: dict[str, dict[str, str]] = {}
    for table, column, is_required, kind in cursor.fetchall():
        schema.setdefault(table, {})[column] = is_required
        types.setdefault(table, {})[column] = kind
    return schema, types


def _lay_beside(
    cursor: Any,
    script: _Script,
    table: str,
    changes: Changes,
    types: dict[str, dict[str, str]],
) -> None:
    """Make the old table, with the types that its columns have today, and fill it."""
    quoted = connection.ops.quote_name
    goes = changes.table(table)
    today = types.get(goes.to, {})
    columns = {
        quoted(column): today.get(goes.renamed.get(column, column), "text")
        for column in script.columns[table]
    }
    defined = ", ".join(f"{column} {kind}" for column, kind in columns.items())
    cursor.execute(f"CREATE TABLE {OLD}.{quoted(table)} ({defined})")
    into = f"COPY {OLD}.{quoted(table)} ({', '.join(columns)}) FROM STDIN"
    with connection.wrap_database_errors, cursor.copy(into) as copy:
        for row in script.rows(table):
            copy.write(row)
