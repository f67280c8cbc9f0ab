"""How an older schema differs from today's, as data, and the plan of copying that follows from it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from feedback.ops.archive.manifest import CannotArchive

#: The columns of each table; True where a row cannot be without a value.
Schema = Mapping[str, Mapping[str, bool]]


@dataclass(frozen=True)
class Table:
    """Where an old table's rows go.

    ``renamed`` maps old columns to new ones, ``left_out`` are old columns that nothing needs, and ``filled``
    gives new columns as SQL, in which ``old`` is the old row. Every other column is copied by its name.
    """

    to: str
    renamed: Mapping[str, str] = field(default_factory=dict)
    left_out: Collection[str] = ()
    filled: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Changes:
    """What became of an older schema.

    ``migrations`` are those by which a backup of it is known. ``tables`` names the old tables that changed; any
    other is copied to the table of its own name. ``left_out`` says of old tables why nobody needs their rows.
    ``words`` maps old values to new ones, by old table and column. ``made`` are rows, by new table, that the old
    site could not have; they are there before the first old row comes, so that ``filled`` can name them.
    """

    migrations: frozenset[str]
    tables: Mapping[str, Table] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    made: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    def table(self, old: str) -> Table:
        """Return where the rows of the old table ``old`` go."""
        return self.tables.get(old) or Table(old)


def labels(tables: Mapping[str, Table]) -> dict[str, str]:
    """Return {"old room.model": "new room.model"} of the models whose tables have another name now."""
    return {
        old.replace("_", ".", 1): table.to.replace("_", ".", 1)
        for old, table in tables.items()
        if table.to != old
    }


@dataclass(frozen=True)
class Copy:
    """The rows of ``old`` go to ``new``: ``columns`` maps new columns to old ones, ``filled`` to SQL."""

    old: str
    new: str
    columns: Mapping[str, str]
    filled: Mapping[str, str]


def plan(changes: Changes, *, old: Schema, new: Schema) -> list[Copy]:
    """Return how every old row gets into today's schema, by new table.

    Raises `CannotArchive`, which names the first table or column that has no place or no value.
    """
    copies = [
        _copy(name, changes.table(name), old[name], new)
        for name in sorted(old)
        if name not in changes.left_out
    ]
    # By new table, so that a post is there before its row in the search index.
    return sorted(copies, key=lambda copy: copy.new)


def _copy(name: str, table: Table, columns: Mapping[str, bool], new: Schema) -> Copy:
    if table.to not in new:
        raise CannotArchive(
            f"This backup has a table {name} for which this version has no place; nothing was restored."
        )
    sources = {
        table.renamed.get(column, column): column
        for column in columns
        if column not in table.left_out and column not in table.filled
    }
    for column, source in sources.items():
        if column not in new[table.to]:
            raise CannotArchive(
                f"This backup has a column {name}.{source} for which this version has no place; nothing was "
                "restored."
            )
    for column, is_required in new[table.to].items():
        if is_required and column not in sources and column not in table.filled:
            raise CannotArchive(
                f"This version needs a column {table.to}.{column} that this backup does not have; nothing was "
                "restored."
            )
    return Copy(name, table.to, sources, table.filled)
