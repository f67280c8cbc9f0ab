"""Restoring a backup: everything is checked beside the data before anything is touched."""

import datetime as dt
import os
import sqlite3
import tarfile
import tempfile
import zlib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from feedback.ops import running
from feedback.ops.archive import older, postgres
from feedback.ops.archive.manifest import (
    MEDIA_FOLDER,
    NAME,
    POSTGRES_NAME,
    SECRET_NAME,
    SQLITE_NAME,
    START_NAME,
    CannotArchive,
    Manifest,
    digest_of,
)


@dataclass(frozen=True)
class Restored:
    """What was restored, and where what had been there is kept (None: nothing had been, or PostgreSQL)."""

    manifest: Manifest
    kept: Path | None


def restore(source: Path, *, now: dt.datetime, overwrite: bool) -> Restored:
    """Make the site what the backup ``source`` says. Raises `CannotArchive`, and then nothing has changed.

    What a SQLite site held is kept in ``before-restore-…`` beside it. Refuses while the site runs here, while anybody
    else is on a PostgreSQL database, and when there is a site to lose unless ``overwrite``.
    """
    serving = running.where(settings.DATA_DIR)
    if serving is not None:
        raise CannotArchive(f"Heed is running (process {serving.get('pid', '?')}); stop it first.")
    data = Path(settings.DATA_DIR)
    data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".heed-restore-", dir=data) as name:
        folder = Path(name)
        manifest = unpack(source, folder)
        if manifest.database != connection.vendor:
            raise CannotArchive(
                f"This backup is of a {manifest.database} site, and this one runs on {connection.vendor}."
            )
        changes = older.changes_since(manifest)
        if not overwrite and _has_site():
            raise CannotArchive(
                "There is a site here already; add --yes to put the backup in its place."
            )
        if manifest.database == "postgresql":
            postgres.refuse_beside_others()
            dump = folder / POSTGRES_NAME
            if changes is None:
                postgres.load(dump)
            else:
                older.move(dump, changes)
            return Restored(manifest, _swap(folder, now=now, database=None))
        _check_sqlite(folder / SQLITE_NAME)
        if changes is not None:
            older.move(folder / SQLITE_NAME, changes)
        return Restored(manifest, _swap(folder, now=now, database=folder / SQLITE_NAME))


def unpack(source: Path, folder: Path) -> Manifest:
    """Unpack ``source`` into ``folder`` and compare every file with the manifest. Raises `CannotArchive`."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            archive.extractall(folder, filter="data")
        manifest = Manifest.load((folder / NAME).read_bytes())
    except FileNotFoundError as error:
        missing = str(error.filename) == str(source)
        raise CannotArchive(
            f"There is no file {source}." if missing else f"{source} is not a backup of Heed."
        ) from None
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise CannotArchive(f"{source} is damaged or no backup: {error}.") from None
    except OSError as error:
        if isinstance(error, PermissionError) or error.errno is not None:
            raise CannotArchive(f"{source} cannot be unpacked: {error.strerror}.") from None
        raise CannotArchive(f"{source} is damaged or no backup: {error}.") from None
    for name, digest in manifest.files.items():
        path = folder / name
        if not path.is_file() or digest_of(path) != digest:
            raise CannotArchive(f"{source} is damaged: {name} is not what was backed up.")
    return manifest


def _has_site() -> bool:
    return "forum_post" in connection.introspection.table_names()


def _check_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        (verdict,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise CannotArchive(f"The database in this backup is damaged: {verdict}.")


def _swap(folder: Path, *, now: dt.datetime, database: Path | None) -> Path | None:
    """Put what was unpacked in place by renaming; return where the old is kept."""
    data = Path(settings.DATA_DIR)
    kept = data / f"before-restore-{now:%Y%m%d-%H%M%S}"
    pairs = [
        (folder / name, data / name)
        for name in (SECRET_NAME, START_NAME)
        if (folder / name).exists()
    ]
    if database is not None:
        present = Path(settings.DATABASES["default"]["NAME"])
        if present.exists():
            _settle(present)
        pairs.append((database, present))
    media = Path(settings.MEDIA_ROOT)
    if (folder / MEDIA_FOLDER).exists() or media.exists():
        (folder / MEDIA_FOLDER).mkdir(exist_ok=True)
        pairs.append((folder / MEDIA_FOLDER, media))
    for new, present in pairs:
        if present.exists():
            kept.mkdir(exist_ok=True)
            if present.is_dir():
                present.rename(kept / present.name)
            else:
                os.link(present, kept / present.name)  # there is never a moment without the file
        present.parent.mkdir(parents=True, exist_ok=True)
        new.replace(present)
    return kept if kept.exists() else None


def _settle(path: Path) -> None:
    """Move the write-ahead log into the database file: left behind, it would be played into the new one."""
    connections.close_all()
    with closing(sqlite3.connect(path, timeout=2)) as database:
        try:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (mode,) = database.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError:
            mode = "locked"
        except sqlite3.DatabaseError:
            mode = "delete"  # the present file is damaged, which may be why somebody restores
            for ending in ("-wal", "-shm"):
                Path(f"{path}{ending}").unlink(missing_ok=True)
    if mode != "delete":
        raise CannotArchive(f"{path} is in use; stop every process of Heed first.")
