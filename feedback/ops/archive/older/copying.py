"""Copying every row of an older schema into today's, which lies in the same connection. Alike on both databases."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.management.sql import emit_post_migrate_signal
from django.db import connection

from feedback.ops.archive.manifest import CannotArchive
from feedback.ops.archive.older.changes import Changes, Copy, labels

#: The schema, or attached database, in which the older tables lie; it is a copy and may be written to.
OLD = "heed_before"


def copy_rows(changes: Changes, copies: Sequence[Copy], last_ids: Mapping[str, int]) -> None:
    """Copy what `plan` says, and let numbers go on after ``last_ids``, the last ones given by old table.

    Belongs inside a transaction that is rolled back when it raises: `CannotArchive`, or a database error.
    """
    with connection.cursor() as cursor:
        _say_in_todays_words(cursor, changes)
        for table, rows in changes.made.items():
            _insert(cursor, table, rows)
        for copy in copies:
            _copy(cursor, copy)
            if last_ids.get(copy.old):
                _go_on_after(cursor, copy.new, last_ids[copy.old])
    connection.check_constraints()
    # Models that the older schema had not get their content types and permissions.
    emit_post_migrate_signal(0, False, connection.alias)


def _say_in_todays_words(cursor: Any, changes: Changes) -> None:
    for (table, column), words in changes.words.items():
        for old, new in words.items():
            cursor.execute(
                f"UPDATE {OLD}.{table} SET {column} = %s WHERE {column} = %s",  # noqa: S608
                [new, old],
            )
    for old, new in labels(changes.tables).items():
        cursor.execute(
            f"UPDATE {OLD}.django_content_type SET app_label = %s, model = %s"  # noqa: S608
            " WHERE app_label = %s AND model = %s",
            [*new.split("."), *old.split(".")],
        )
        # A permission is called after its model: "view_ask".
        cursor.execute(
            f"UPDATE {OLD}.auth_permission SET codename = replace(codename, %s, %s) WHERE content_type_id IN"  # noqa: S608
            f" (SELECT id FROM {OLD}.django_content_type WHERE app_label = %s AND model = %s)",
            [f"_{old.split('.')[1]}", f"_{new.split('.')[1]}", *new.split(".")],
        )


def _insert(cursor: Any, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    quoted = connection.ops.quote_name
    for row in rows:
        places = ", ".join(["%s"] * len(row))
        cursor.execute(
            f"INSERT INTO {quoted(table)} ({', '.join(map(quoted, row))}) VALUES ({places})",  # noqa: S608
            list(row.values()),
        )


def _copy(cursor: Any, copy: Copy) -> None:
    quoted = connection.ops.quote_name
    old, new = f"{OLD}.{quoted(copy.old)}", quoted(copy.new)
    values = {column: f"old.{quoted(source)}" for column, source in copy.columns.items()}
    values |= copy.filled
    # Migrating has filled some tables, such as content types; what the older site had counts.
    cursor.execute(f"DELETE FROM {new}")  # noqa: S608
    cursor.execute(
        f"INSERT INTO {new} ({', '.join(map(quoted, values))})"  # noqa: S608
        f" SELECT {', '.join(values.values())} FROM {old} AS old"
    )
    cursor.execute(f"SELECT (SELECT count(*) FROM {old}), (SELECT count(*) FROM {new})")  # noqa: S608
    before, after = cursor.fetchone()
    if before != after:
        raise CannotArchive(
            f"Of {before:,} rows of {copy.old} in this backup {after:,} arrived in {copy.new}; nothing was restored."
        )


def _go_on_after(cursor: Any, table: str, last: int) -> None:
    """Give no number a second time, not even that of a row that was deleted: the journal may speak of it."""
    if connection.vendor == "postgresql":
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, last])
    else:
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
