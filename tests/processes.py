"""Running Heed as an operator does: as processes of their own, on a data folder of their own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

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
