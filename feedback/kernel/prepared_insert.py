"""Inserting many rows at once, with the work done before the transaction: it holds the database for the writing alone."""

from collections.abc import Sequence

from django.db import connection, models


class PreparedInsert:
    """The rows of unsaved ``objects`` of one model, as the database takes them. Their keys are the database's to give.

    Without signals and without what `save` does: for a model that has neither, and whose every field is set.
    """

    def __init__(self, objects: Sequence[models.Model]) -> None:
        meta = objects[0]._meta
        self._fields = [field for field in meta.local_concrete_fields if not field.primary_key]
        self._table = meta.db_table
        self._rows = [
            tuple(
                field.get_db_prep_save(getattr(one, field.attname), connection)
                for field in self._fields
            )
            for one in objects
        ]

    def write(self, *, ignore_conflicts: bool = False) -> None:
        """Write the rows; with ``ignore_conflicts`` those that are there already stay as they are."""
        names = ", ".join(connection.ops.quote_name(str(field.column)) for field in self._fields)
        places = ", ".join("%s" for _ in self._fields)
        table = connection.ops.quote_name(self._table)
        statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608
        if ignore_conflicts:
            statement += " ON CONFLICT DO NOTHING"
        with connection.cursor() as cursor:
            cursor.executemany(statement, self._rows)
