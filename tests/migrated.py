"""A migrated database, made once in a session: migrating takes as long as many tests, and every process of it needs one."""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings

#: The data folder of the site whose database is copied; on PostgreSQL a database of this name.
TEMPLATE = "migrated"
_MIGRATE = "import django; django.setup(); from django.core.management import call_command; call_command('migrate', verbosity=0)"


@contextmanager
def _alone() -> Iterator[None]:
    """Have the processes of the session do this one after the other."""
    with (settings.TEST_DIR / f"{TEMPLATE}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(**more: str) -> None:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HEED_", "DATABASE_URL", "EMAIL_URL", "DJANGO_", "PYTEST_"))
    }
    site = {"HEED_ENCODER": "hashing", "DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run(
        [sys.executable, "-c", _MIGRATE],
        env=kept | site | more,
        cwd=settings.BASE_DIR,
        check=True,
        timeout=600,
    )


def migrated_folder() -> Path:
    """Return the data folder of a site on SQLite that is migrated and empty. It is copied, never used."""
    folder: Path = settings.TEST_DIR / TEMPLATE
    with _alone():
        if not folder.exists():
            begun = settings.TEST_DIR / f"{TEMPLATE}.begun"
            begun.mkdir(exist_ok=True)
            _migrate(HEED_DATA_DIR=str(begun))
            with sqlite3.connect(begun / "heed.sqlite3") as database:
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            begun.rename(folder)
    return folder


def _copy_on_postgres(name: str) -> None:
    """Make the database ``name`` of the session's server, migrated and empty."""
    import psycopg

    where = {"host": str(settings.POSTGRES_DIR), "user": "postgres", "autocommit": True}
    with _alone(), psycopg.connect(dbname="postgres", **where) as server:
        there = {row[0] for row in server.execute("SELECT datname FROM pg_database").fetchall()}
        if TEMPLATE not in there:
            server.execute(f"CREATE DATABASE {TEMPLATE}")
            place = quote(str(settings.POSTGRES_DIR), safe="")
            folder = settings.TEST_DIR / f"{TEMPLATE}.files"
            folder.mkdir(exist_ok=True)
            _migrate(
                HEED_DATA_DIR=str(folder),
                DATABASE_URL=f"postgres://postgres@{place}/{TEMPLATE}",
            )
        if name not in there:
            server.execute(f'CREATE DATABASE "{name}" TEMPLATE {TEMPLATE}')


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Give each process a copy of the one migrated database, before Django looks for its own."""
    from django.db import connection

    name = connection.creation._get_test_db_name()
    if settings.TEST_DATABASE == "postgres":
        _copy_on_postgres(name)
    else:
        shutil.copy(migrated_folder() / "heed.sqlite3", name)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Have Django take the copy, and look whether a migration is missing."""
    return True
