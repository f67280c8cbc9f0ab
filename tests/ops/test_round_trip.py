"""A site goes out into a backup and comes back whole, by the commands that an operator types, on the database of the suite."""

import re
import shutil
import sqlite3
import stat
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.utils.crypto import get_random_string

from tests.migrated import migrated_folder
from tests.processes import ROOT, command, empty_database, environment

#: A drill migrates, and a new database takes a while on a busy machine.
pytestmark = [pytest.mark.timeout(400), pytest.mark.own_database]

Manage = Callable[..., "subprocess.CompletedProcess[str]"]
POSTS = "id,title,author\n1,Dark mode,Lin\n2,深色模式,小明\n"


class Place:
    """A data folder and a database: ``manage("backup", "x")`` runs a command there."""

    def __init__(self, folder: Path, more: dict[str, str]) -> None:
        self.folder, self.more = folder, more

    def manage(self, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command(*words),
            env=environment(self.folder, **self.more, **more),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def did(self, *words: str, **more: str) -> str:
        done = self.manage(*words, **more)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def titles(self, change: str = "") -> list[str]:
        """Return the titles of the posts, after the SQL ``change``."""
        if url := self.more.get("DATABASE_URL"):
            database: Any = psycopg.connect(url, autocommit=True)
        else:
            database = sqlite3.connect(self.folder / "heed.sqlite3", isolation_level=None)
        with closing(database):
            if change:
                database.execute(change)
            return [
                row[0] for row in database.execute("SELECT title FROM forum_post ORDER BY title")
            ]


def _place(folder: Path, *, of_superuser: bool) -> Iterator[Place]:
    name = "of_" + get_random_string(10, "abcdefghij")
    with empty_database(name, of_superuser=of_superuser) as more:
        yield Place(folder, more)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A site with two posts and a file that somebody attached."""
    folder = tmp_path_factory.mktemp("here")
    shutil.copytree(migrated_folder(), folder / "data")
    for place in _place(folder / "data", of_superuser=True):
        (folder / "reviews.csv").write_text(POSTS, encoding="utf-8")
        (place.folder / "media" / "2026").mkdir(parents=True)
        (place.folder / "media" / "2026" / "shot.png").write_bytes(b"\x89PNG picture")
        place.did("migrate", "--no-input")
        place.did(
            "import_posts", str(folder / "reviews.csv"), "--board", "reviews", "--create-board"
        )
        yield place


@pytest.fixture(scope="module")
def backup(here: Place) -> Path:
    """The only one at its place."""
    place = here.folder.parent / "backups"
    place.mkdir()
    (place / "heed-2020-01-01-000000.tar.gz").write_text("old")
    (place / "mine.txt").write_text("mine")
    said = here.did("backup", "--to", str(place), "--keep", "1d")
    assert "2 posts, 2 people" in said
    assert "1 older backups removed" in said
    (made,) = place.glob("*.tar.gz")
    return made


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Place]:
    """Where no site is yet; the user of its database is nobody's superuser, as docs/ops have it."""
    yield from _place(tmp_path / "there", of_superuser=False)


def test_a_backup_arrives_at_its_place_and_the_older_goes(here: Place, backup: Path) -> None:
    assert backup.name > "heed-2020-01-01-000000.tar.gz"
    assert (backup.parent / "mine.txt").exists()
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert not list(here.folder.glob(".heed-backup*"))


def test_it_replaces_no_file_unasked(here: Place, tmp_path: Path) -> None:
    mine = tmp_path / "b.tar.gz"
    mine.write_text("yesterday's")
    done = here.manage("backup", str(mine))
    assert (done.returncode, mine.read_text()) == (1, "yesterday's")
    assert "is there already" in done.stderr
    here.did("backup", str(mine), "--replace")
    assert stat.S_IMODE(mine.stat().st_mode) == 0o600


def test_a_site_comes_back_whole_elsewhere(here: Place, there: Place, backup: Path) -> None:
    assert "Restored 2 posts and 2 people" in there.did("restore", str(backup))
    assert there.titles() == here.titles() == ["Dark mode", "深色模式"]
    assert (there.folder / "media" / "2026" / "shot.png").read_bytes() == b"\x89PNG picture"
    assert (there.folder / "secret-key").read_text() == (here.folder / "secret-key").read_text()
    assert stat.S_IMODE((there.folder / "secret-key").stat().st_mode) == 0o600
    said = there.manage("doctor").stdout
    assert "all applied" in said
    assert "FAIL  integrity" not in said


def test_a_site_is_not_overwritten_unasked(there: Place, backup: Path) -> None:
    there.did("restore", str(backup))
    assert there.titles("UPDATE forum_post SET title = 'written since'") == ["written since"] * 2
    refused = there.manage("restore", str(backup))
    assert refused.returncode == 1
    assert "add --yes" in refused.stderr
    assert there.titles() == ["written since"] * 2
    there.did("restore", str(backup), "--yes")
    assert there.titles() == ["Dark mode", "深色模式"]


def test_the_drill_restores_the_newest_beside_the_site(here: Place, backup: Path) -> None:
    said = here.manage("doctor", "--drill", str(backup.parent)).stdout
    assert f"PASS  backup        {backup.name} came back: 2 posts and 2 people" in said
    assert "PASS  backups  " in said
    assert not list(here.folder.glob(".heed-drill*"))

    cut = backup.parent / "cut" / backup.name
    cut.parent.mkdir()
    cut.write_bytes(backup.read_bytes()[:-200])
    done = here.manage("doctor", "--drill", str(cut.parent))
    assert done.returncode == 1
    assert "FAIL  backup" in done.stdout


def test_a_key_of_the_environment_is_in_no_backup_and_that_is_said(
    here: Place, there: Place, tmp_path: Path
) -> None:
    made, own = tmp_path / "b.tar.gz", {"HEED_SECRET_KEY": 50 * "k"}
    assert (
        here.folder / "secret-key"
    ).exists()  # of another start, and not what the site signs with
    said = here.did("backup", str(made), **own)
    assert "The secret key is not in it, for the site has it from its environment" in said
    with tarfile.open(made) as archive:
        assert "secret-key" not in archive.getnames()
    assert "The secret key is not in this backup: set HEED_SECRET_KEY" in there.did("restore", str(made))  # fmt: skip


def test_another_key_than_that_of_the_backup_is_said(there: Place, backup: Path) -> None:
    said = there.did("restore", str(backup), HEED_SECRET_KEY=50 * "k")
    assert "This site signs with HEED_SECRET_KEY, which is another key than the backup's" in said


on_postgres = pytest.mark.skipif(
    settings.TEST_DATABASE != "postgres", reason="has users of its own"
)


@on_postgres
def test_a_drill_that_may_not_make_an_extension_says_where_it_has_to_be(
    there: Place, backup: Path
) -> None:
    done = there.manage("doctor", "--drill", str(backup))
    assert done.returncode == 1
    assert "lacks the extension vector" in done.stdout
    assert "CREATE EXTENSION vector in it, and in template1 for a drill" in done.stdout


@on_postgres
def test_a_database_that_others_are_on_is_not_restored(there: Place, backup: Path) -> None:
    with psycopg.connect(there.more["DATABASE_URL"], application_name="heed web"):
        done = there.manage("restore", str(backup))
    assert done.returncode == 1
    assert re.search(r"in use by heed web from .* \(process \d+\); stop every", done.stderr)
    there.did("restore", str(backup))
