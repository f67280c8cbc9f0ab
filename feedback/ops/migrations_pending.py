"""Whether the database is at this version's schema, asked cheaply: one query and a look into folders."""

from pathlib import Path

from django.apps import apps
from django.db import DatabaseError, connection


def pending() -> list[str]:
    """Return the migrations that are in the code and not in the database, as "app.0001_name", sorted.

    Django's own planner imports every migration for its answer; a start and a readiness probe cannot wait for that.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            applied = {(app, name) for app, name in cursor.fetchall()}
    except DatabaseError:
        connection.close()
        connection.ensure_connection()  # a database that is not there at all is another trouble
        applied = set()
    return sorted(f"{app}.{name}" for app, name in _in_code() - applied)


def in_code_as_text() -> set[str]:
    """Return every migration of this version, as "app.0001_name"."""
    return {f"{app}.{name}" for app, name in _in_code()}


def _in_code() -> set[tuple[str, str]]:
    return {
        (config.label, path.stem)
        for config in apps.get_app_configs()
        for path in (Path(config.path) / "migrations").glob("[!_]*.py")
    }
