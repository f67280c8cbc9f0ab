"""Checks of the database itself."""

import datetime as dt
import sqlite3

from django.conf import settings
from django.db import DatabaseError, connection

from feedback.kernel import clock, replica
from feedback.ops import migrations_pending
from feedback.ops.archive import older
from feedback.ops.doctor.finding import Check, Finding

#: Before it, SQLite can in rare cases corrupt a file in WAL mode that several processes write to.
_SOUND_SQLITE = (3, 51, 3)
_OLDEST_PGVECTOR = (0, 8)
#: Clocks further apart than this break what is told and what is seen: `journal.cursor` waits ten seconds for who is slow.
_TOO_FAR_APART = dt.timedelta(seconds=8)


def reachable() -> Finding:
    """Whether it answers, and as what."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW server_version")
            (version,) = cursor.fetchone()
            return Finding.well("database", f"PostgreSQL {version.split()[0]}")
        cursor.execute("SELECT 1")
    version = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info < _SOUND_SQLITE and settings.WEB_WORKERS > 1:
        return Finding.warning(
            "database",
            f"SQLite {version}; 3.51.3 mends a rare corruption in WAL mode. Back up daily (manage.py backup), "
            "or use PostgreSQL for a busy site.",
        )
    return Finding.well("database", f"SQLite {version}")


def replica_of_pages() -> Finding:
    """How far the copy is that pages are read from, where there is one."""
    if replica.ALIAS not in settings.DATABASES:
        return Finding.well("replica", "none; pages are read from the one database")
    try:
        reached = replica.reached_by(replica.ALIAS)
    except DatabaseError as error:
        said = str(error).splitlines()[0]
        return Finding.warning("replica", f"{said}; pages are read from the main database.")
    if reached is None:
        return Finding.failure(
            "replica", "HEED_REPLICA_URL leads to no standby; name one, or take it out."
        )
    behind = max(0, replica.ended_at("default") - reached)
    return Finding.well("replica", f"{behind:,} bytes behind")


def migrations() -> Finding:
    """Whether the schema is this version's."""
    if older.is_here():
        return Finding.failure("migrations", older.WHAT_TO_DO)
    waiting = migrations_pending.pending()
    if waiting:
        return Finding.failure(
            "migrations",
            f"{len(waiting)} to be applied, first {waiting[0]}; run manage.py migrate.",
        )
    return Finding.well("migrations", "all applied")


def pragmas_or_extension() -> Finding:
    """Whether the database is set up the way Heed relies on."""
    if connection.vendor == "postgresql":
        return _extension()
    wanted = {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 1, "mmap_size": 0}
    wrong = []
    with connection.cursor() as cursor:
        for name, value in wanted.items():
            cursor.execute(f"PRAGMA {name}")
            row = cursor.fetchone()
            found = row[0] if row else 0
            if found != value:
                wrong.append(f"{name} is {found}, not {value}")
    if wrong:
        return Finding.failure("pragmas", "; ".join(wrong))
    return Finding.well("pragmas", "WAL, foreign keys on, synchronous NORMAL, no mmap")


def _extension() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
        row = cursor.fetchone()
    if row is None:
        return Finding.failure("pgvector", "the extension is missing: CREATE EXTENSION vector")
    version = tuple(int(part) for part in row[0].split(".")[:2])
    if version < _OLDEST_PGVECTOR:
        return Finding.warning(
            "pgvector", f"{row[0]}; 0.8 or newer finds neighbours under a filter."
        )
    return Finding.well("pgvector", row[0])


def integrity() -> Finding:
    """Whether the file is sound. PostgreSQL looks after that by itself."""
    if connection.vendor == "postgresql":
        return Finding.well("integrity", "left to PostgreSQL")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(3)")
        broken = [row[0] for row in cursor.fetchall() if row[0] != "ok"]
        cursor.execute("PRAGMA foreign_key_check")
        dangling = cursor.fetchmany(3)
    if broken:
        return Finding.failure("integrity", f"the file is damaged: {broken[0]}; restore a backup.")
    if dangling:
        return Finding.failure("integrity", f"rows of {dangling[0][0]} point at nothing.")
    return Finding.well("integrity", "quick_check and foreign_key_check are clean")


def clocks() -> Finding:
    """Whether the clock of this machine says what that of the database's says: all machines are compared with that one."""
    if connection.vendor != "postgresql":
        return Finding.well("clock", "one machine, one clock")
    with connection.cursor() as cursor:
        asked_at = clock.now()
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
    answered_at = clock.now()
    # It was read somewhere between the question and the answer.
    apart = max(asked_at - theirs, theirs - answered_at, dt.timedelta())
    seconds = f"{apart.total_seconds():.1f} seconds"
    if apart <= clock.MOST_APART:
        return Finding.well("clock", f"no more than {seconds} from that of the database")
    finding = Finding.failure if apart > _TOO_FAR_APART else Finding.warning
    side = "ahead of" if asked_at > theirs else "behind"
    return finding(
        "clock",
        f"{seconds} {side} that of the database; set both by NTP (chrony, systemd-timesyncd).",
    )


CHECKS: tuple[Check, ...] = (pragmas_or_extension, replica_of_pages, integrity, clocks)
