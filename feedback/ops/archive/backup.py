"""Making a backup while the site runs."""

import datetime as dt
import gzip
import io
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection

from feedback.accounts.models import User
from feedback.forum.cards.keeping import FOLDER as DRAWN_FOLDER
from feedback.forum.models import Post
from feedback.ops.archive import postgres
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
from feedback.ops.archive.restore import unpack
from feedback.ops.kept_key import kept_key


def write(target: Path, *, now: dt.datetime, replace: bool = False) -> Manifest:
    """Write database, media and secret key to the archive ``target``; read it again; return what it holds.

    A key that the site has from its environment is not in it. Files in a bucket stay there; drawn pictures are drawn again. People may go on posting: the database is copied as of one moment. ``target`` appears when it is whole and
    verified, readable by this user alone. Raises `CannotArchive`.
    """
    if target.exists() and not replace:
        raise CannotArchive(f"{target} is there already; choose another name or add --replace.")
    try:
        with tempfile.TemporaryDirectory(prefix=".heed-backup-", dir=target.parent) as folder:
            draft = Path(folder) / "backup.tar.gz"
            files = _gather(Path(folder))
            digests = _digests(files)
            manifest = Manifest(
                made_at=now,
                database=connection.vendor,
                posts=Post.objects.count(),
                people=User.objects.count(),
                migrations=_migrations(),
                files=digests,
            )
            _pack(draft, manifest, {name: files[name] for name in digests})
            _verify(draft, manifest)
            draft.replace(target)
    except OSError as error:
        raise CannotArchive(f"{target} cannot be written: {error.strerror or error}.") from None
    return manifest


def _gather(folder: Path) -> dict[str, Path]:
    """Return what goes into the archive by name; the database is copied into ``folder`` first."""
    files: dict[str, Path] = {}
    if connection.vendor == "postgresql":
        files[POSTGRES_NAME] = folder / POSTGRES_NAME
        postgres.dump(files[POSTGRES_NAME])
    else:
        files[SQLITE_NAME] = folder / SQLITE_NAME
        _copy_sqlite(files[SQLITE_NAME])
    if key := kept_key():
        files[SECRET_NAME] = key
    if (settings.DATA_DIR / START_NAME).exists():
        files[START_NAME] = settings.DATA_DIR / START_NAME
    media = Path(settings.MEDIA_ROOT)
    for path in sorted(media.rglob("*")) if media.exists() else []:
        is_drawn = path.is_relative_to(media / DRAWN_FOLDER)
        if path.is_file() and not path.is_symlink() and not is_drawn:
            files[f"{MEDIA_FOLDER}/{path.relative_to(media).as_posix()}"] = path
    return files


def _digests(files: dict[str, Path]) -> dict[str, str]:
    """Return the SHA-256 of each file, without those that were removed since they were listed: the database has no use for them."""
    found = {}
    for name, path in files.items():
        try:
            found[name] = digest_of(path)
        except FileNotFoundError:
            if not name.startswith(f"{MEDIA_FOLDER}/"):
                raise
    return found


def _copy_sqlite(target: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy, pages=4096)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise CannotArchive(f"The database is damaged ({verdict}); no backup was made.")


def _migrations() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return sorted(f"{app}.{name}" for app, name in cursor.fetchall())


def _pack(draft: Path, manifest: Manifest, files: dict[str, Path]) -> None:
    draft.touch(mode=0o600)
    with (
        gzip.open(draft, "wb", compresslevel=6) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        raw = manifest.dump()
        entry = tarfile.TarInfo(NAME)
        entry.size = len(raw)
        entry.mtime = int(manifest.made_at.timestamp())
        archive.addfile(entry, io.BytesIO(raw))
        for name, path in files.items():
            archive.add(path, name, recursive=False)


def _verify(draft: Path, manifest: Manifest) -> None:
    """Read the archive as a restore would and compare every file."""
    with tempfile.TemporaryDirectory(prefix="read-again-", dir=draft.parent) as folder:
        if unpack(draft, Path(folder)).files != manifest.files:
            raise CannotArchive("The backup does not read back as it was written; none was kept.")
