"""Trying a backup: restoring it beside the site, and counting what came back."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.utils.crypto import get_random_string

from feedback.ops.archive.manifest import CannotArchive, Manifest
from feedback.ops.archive.places import newest_of, place_of
from feedback.ops.archive.restore import unpack

#: What the scratch site says of itself: how many posts and people it has.
_COUNT = (
    "from feedback.forum.models import Post; from feedback.accounts.models import User;"
    "print('counted', Post.objects.count(), User.objects.count())"
)
_SECONDS = 3_600


@dataclass(frozen=True)
class Drilled:
    """Which backup came back whole."""

    name: str
    manifest: Manifest


def drill(words: str) -> Drilled:
    """Restore the backup ``words``, or the newest at the place ``words``, into a scratch site, and compare its counts.

    The scratch site is brought up to date as `serve` would. Its folder and its database are gone afterwards; this
    site is not touched. Raises `CannotArchive` with what did not come back.
    """
    with tempfile.TemporaryDirectory(prefix=".heed-drill-", dir=settings.DATA_DIR) as name:
        folder = Path(name)
        source, called = _fetched(words, folder)
        (folder / "read").mkdir()
        manifest = unpack(source, folder / "read")
        if manifest.database != connection.vendor:
            raise CannotArchive(
                f"{called} is of a {manifest.database} site, and this one runs on {connection.vendor}."
            )
        with _scratch(folder / "site") as environment:
            _run("restore", str(source), "--yes", environment=environment)
            _run("migrate", "--no-input", environment=environment)
            said = _run("shell", "--no-imports", "--command", _COUNT, environment=environment)
        _compare(said, manifest, called)
        return Drilled(called, manifest)


def _fetched(words: str, folder: Path) -> tuple[Path, str]:
    if Path(words).is_file():
        return Path(words).absolute(), words
    place = place_of(words)
    newest = newest_of(place)
    target = folder / newest
    try:
        place.fetch(newest, target)
    except OSError as error:
        raise CannotArchive(f"{newest} cannot be fetched: {error}.") from None
    return target, newest


def _compare(said: str, manifest: Manifest, called: str) -> None:
    _, posts, people = next(
        line for line in said.splitlines() if line.startswith("counted")
    ).split()
    # The numbers are counted a moment after the database was copied, while people go on posting.
    for word, came, had in (("posts", posts, manifest.posts), ("people", people, manifest.people)):
        if abs(int(came) - had) > had // 100:
            raise CannotArchive(f"{called} gave back {int(came):,} {word} of {had:,}.")


@contextmanager
def _scratch(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the environment of a site that has a folder and a database of its own, for a moment."""
    folder.mkdir()
    environment = os.environ | {"HEED_DATA_DIR": str(folder)}
    for name in ("HEED_FILES", "HEED_FILES_FILE", "DATABASE_URL_FILE"):
        environment.pop(name, None)
    if connection.vendor != "postgresql":
        environment.pop("DATABASE_URL", None)
        yield environment
        return
    name = f"heed_drill_{get_random_string(8, 'abcdefghijklmnopqrstuvwxyz')}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        here = urlsplit(os.environ["DATABASE_URL"])
        yield environment | {"DATABASE_URL": here._replace(path=f"/{name}").geturl()}
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _run(*words: str, environment: dict[str, str]) -> str:
    done = subprocess.run(  # noqa: S603
        [sys.executable, str(settings.BASE_DIR / "manage.py"), *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise CannotArchive(f"The scratch site's {words[0]} failed: {lines[-1]}")
    return done.stdout
