"""Backups of an older Heed whose schema today's migrations cannot reach: their rows move into today's tables."""

from pathlib import Path

from django.db import DatabaseError, connection

from feedback.ops import migrations_pending
from feedback.ops.archive.manifest import CannotArchive, Manifest
from feedback.ops.archive.older import postgres, sqlite
from feedback.ops.archive.older.changes import Changes
from feedback.ops.archive.older.from_ae9a98d import CHANGES

__all__ = ["WHAT_TO_DO", "Changes", "changes_since", "is_here", "move"]

_KNOWN_BY = "insight.0001_initial"


def changes_since(manifest: Manifest) -> Changes | None:
    """Return what became of the schema of a backup; None when today's migrations know it.

    Raises `CannotArchive` when nobody does: the backup is newer, or older than what can be moved.
    """
    had = set(manifest.migrations)
    unknown = had - migrations_pending.in_code_as_text()
    if _KNOWN_BY in had:
        if not had >= CHANGES.migrations:
            raise CannotArchive(
                "This backup was made before commit ae9a98d, the oldest that can be restored; bring that site to "
                "ae9a98d and back it up again."
            )
        unknown -= CHANGES.migrations
    if unknown:
        raise CannotArchive("This backup was made by a newer Heed; upgrade before restoring it.")
    return CHANGES if _KNOWN_BY in had else None


#: What whoever starts today's Heed on such a database is told.
WHAT_TO_DO = "the database is of Heed before its first release; manage.py backup FILE, then restore FILE --yes."


def is_here() -> bool:
    """Whether the site's own database has an older schema, which a backup and its restore bring up to date."""
    return "insight_ask" in connection.introspection.table_names()


def move(path: Path, changes: Changes) -> None:
    """Move every row of the unpacked database ``path`` into today's schema.

    The SQLite file ``path`` becomes one of today's schema; a dump of PostgreSQL becomes the site's database. Raises
    `CannotArchive`, and then nothing of the site has changed.
    """
    try:
        if connection.vendor == "postgresql":
            postgres.load(path, changes)
        else:
            sqlite.rebuild(path, changes)
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        raise CannotArchive(
            f"What is in this backup does not fit this version's tables ({reason}); nothing was restored."
        ) from None
