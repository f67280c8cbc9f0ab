"""Backup and restore of files: what is refused, and that then nothing has changed. There and back, on both databases: test_round_trip."""

import io
import json
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from feedback.ops.archive import CannotArchive, postgres
from feedback.ops.archive.restore import unpack
from feedback.ops.running import Running
from tests.processes import ROOT, command, environment, on_sqlite

pytestmark = on_sqlite


@pytest.fixture(scope="module")
def made_once(_migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``data``, a site with posts and a file that somebody attached, and ``b.tar.gz``, its backup."""
    folder = tmp_path_factory.mktemp("made-once")
    data, reviews = folder / "data", folder / "reviews.csv"
    shutil.copytree(_migrated, data)
    reviews.write_text("id,title,author\n1,Dark mode,Lin\n2,深色模式,小明\n", encoding="utf-8")
    manage_in(data, "import_posts", str(reviews), "--board", "suggestions")
    (data / "media" / "2026").mkdir(parents=True)
    (data / "media" / "2026" / "shot.png").write_bytes(b"\x89PNG picture")
    manage_in(data, "backup", str(folder / "b.tar.gz"))
    return folder


def manage_in(data: Path, *words: str) -> None:
    subprocess.run(command(*words), env=environment(data), cwd=ROOT, check=True, timeout=120)


@pytest.fixture
def site(made_once: Path, tmp_path: Path) -> Path:
    """The site with posts, for one test; what `manage` works on."""
    return Path(shutil.copytree(made_once / "data", tmp_path / "data"))


@pytest.fixture
def lived_in(site: Path) -> Path:
    return site


@pytest.fixture
def backup(made_once: Path, tmp_path: Path) -> Path:
    """Its backup, for one test."""
    return Path(shutil.copy(made_once / "b.tar.gz", tmp_path / "b.tar.gz"))


def titles(site: Path) -> list[str]:
    with closing(sqlite3.connect(site / "heed.sqlite3")) as database:
        return [row[0] for row in database.execute("SELECT title FROM forum_post ORDER BY id")]


def test_a_site_is_not_overwritten_unasked_and_the_old_one_is_kept(
    lived_in: Path, backup: Path, manage: Callable[..., Any]
) -> None:
    with closing(sqlite3.connect(lived_in / "heed.sqlite3")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("UPDATE forum_post SET title = 'written since'")
        database.commit()
    refused = manage("restore", str(backup))
    assert refused.returncode == 1
    assert "add --yes" in refused.stderr
    assert titles(lived_in) == ["written since"] * 2
    done = manage("restore", str(backup), "--yes")
    assert done.returncode == 0, done.stderr
    assert titles(lived_in) == ["Dark mode", "深色模式"]
    (kept,) = lived_in.glob("before-restore-*")
    assert titles(kept) == ["written since"] * 2
    assert (kept / "media" / "2026" / "shot.png").exists()
    assert not list(
        lived_in.glob("heed.sqlite3-*")
    )  # no log of the old one to be played into the new


def test_a_running_site_is_not_restored(
    lived_in: Path, backup: Path, manage: Callable[..., Any]
) -> None:
    running = Running(lived_in)
    running.note(address="http://127.0.0.1:8000")
    try:
        done = manage("restore", str(backup), "--yes")
    finally:
        running.close()
    assert done.returncode == 1
    assert "Heed is running" in done.stderr


def test_a_database_in_use_is_not_restored(
    lived_in: Path, backup: Path, manage: Callable[..., Any]
) -> None:
    with closing(sqlite3.connect(lived_in / "heed.sqlite3")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("SELECT 1 FROM forum_post").fetchone()
        done = manage("restore", str(backup), "--yes")
    assert done.returncode == 1
    assert "is in use" in done.stderr
    assert titles(lived_in) == ["Dark mode", "深色模式"]


def _repacked(backup: Path, target: Path, change: Callable[[str, bytes], bytes]) -> Path:
    with tarfile.open(backup) as old, tarfile.open(target, "w:gz") as new:
        for member in old.getmembers():
            file = old.extractfile(member)
            assert file is not None
            raw = change(member.name, file.read())
            member.size = len(raw)
            new.addfile(member, io.BytesIO(raw))
    return target


def test_a_damaged_or_foreign_backup_changes_nothing(
    lived_in: Path, backup: Path, manage: Callable[..., Any], tmp_path: Path
) -> None:
    before = (lived_in / "heed.sqlite3").read_bytes()
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(backup.read_bytes()[:-5_000])
    text = tmp_path / "text.tar.gz"
    text.write_text("no archive")
    foreign = tmp_path / "foreign.tar.gz"
    with tarfile.open(foreign, "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("something"))
    escaping = tmp_path / "escaping.tar.gz"
    with tarfile.open(escaping, "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("../outside"))
    flipped = _repacked(
        backup,
        tmp_path / "flipped.tar.gz",
        lambda name, raw: (
            raw.replace(b"Dark mode", b"Dork mode") if name.endswith("sqlite3") else raw
        ),
    )

    def newer(name: str, raw: bytes) -> bytes:
        if name != "manifest.json":
            return raw
        facts = json.loads(raw)
        return json.dumps(
            facts | {"migrations": [*facts["migrations"], "forum.9999_later"]}
        ).encode()

    later = _repacked(backup, tmp_path / "later.tar.gz", newer)
    for number, (path, sentence) in enumerate(
        (
            (cut, "is damaged"),
            (text, "is damaged or no backup"),
            (foreign, "is not a backup of Heed"),
            (escaping, "is damaged or no backup"),
            (flipped, "heed.sqlite3 is not what was backed up"),
            (tmp_path / "nowhere.tar.gz", "There is no file"),
        )
    ):
        with pytest.raises(CannotArchive, match=sentence):
            unpack(path, tmp_path / f"unpacked-{number}")
    assert not (tmp_path / "outside").exists()
    for path, sentence in ((later, "made by a newer Heed"), (flipped, "not what was backed up")):
        done = manage("restore", str(path), "--yes")
        assert done.returncode == 1, path
        assert sentence in done.stderr
        assert "Traceback" not in done.stderr
    assert (lived_in / "heed.sqlite3").read_bytes() == before
    assert not list(lived_in.glob("before-restore-*"))


def test_without_postgres_tools_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotArchive, match="pg_dump is not on this machine; install"):
        postgres.dump(tmp_path / "x")


def test_postgres_tools_older_than_the_server_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tool = tmp_path / "pg_dump"
    tool.write_text(
        "#!/bin/sh\necho 'pg_dump: error: aborting because of server version mismatch' >&2\nexit 1\n"
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    with pytest.raises(CannotArchive, match="older than the server"):
        postgres.dump(tmp_path / "x")


def test_postgres_tools_reach_the_server_as_the_site_does(
    read: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    site = read(
        DATABASE_URL="postgres://heed:s%40cret@db.example:6432/feedback?sslmode=verify-full"
        "&sslrootcert=/etc/ca.pem&sslcert=/etc/heed.pem&sslkey=/etc/heed.key&connect_timeout=9"
    )
    monkeypatch.setitem(settings.DATABASES, "default", site["DATABASES"]["default"])
    tool, said = tmp_path / "pg_dump", tmp_path / "said"
    tool.write_text(f"#!/bin/sh\nenv > {said}\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    postgres.dump(tmp_path / "x")
    assert {line for line in said.read_text().splitlines() if line.startswith("PG")} >= {
        "PGHOST=db.example",
        "PGPORT=6432",
        "PGUSER=heed",
        "PGPASSWORD=s@cret",
        "PGDATABASE=feedback",
        "PGSSLMODE=verify-full",
        "PGSSLROOTCERT=/etc/ca.pem",
        "PGSSLCERT=/etc/heed.pem",
        "PGSSLKEY=/etc/heed.key",
        "PGCONNECT_TIMEOUT=9",
    }
