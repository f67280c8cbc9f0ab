"""Where backups are kept: a folder, or a bucket with the interface of S3; and which of them stay."""

import datetime as dt
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings

from feedback.kernel.bucket import BucketStorage
from feedback.ops.archive.manifest import CannotArchive

_NAME = re.compile(r"heed-(\d{4}-\d\d-\d\d-\d{6})\.tar\.gz")
_KEEP = re.compile(r"(\d{1,4})([dwm])")
_S3 = "s3://"
_PERIODS: dict[str, Callable[[dt.datetime], object]] = {
    "d": lambda at: at.date(),
    "w": lambda at: at.isocalendar()[:2],
    "m": lambda at: (at.year, at.month),
}


def name_at(now: dt.datetime) -> str:
    """Return the name of a backup that is made now; names sort by time."""
    return f"heed-{now:%Y-%m-%d-%H%M%S}.tar.gz"


class Place(Protocol):
    """Keeps backups by name. What goes wrong is an `OSError`."""

    def names(self) -> list[str]:
        """Return the names of the files there."""

    def put(self, source: Path, name: str) -> None:
        """Keep the file ``source``, whole or not at all."""

    def fetch(self, name: str, target: Path) -> None:
        """Write the backup ``name`` to ``target``."""

    def remove(self, name: str) -> None:
        """Remove a backup."""


@dataclass(frozen=True)
class Folder:
    """A folder, readable by this user alone when it is made here."""

    path: Path

    def names(self) -> list[str]:
        return [one.name for one in self.path.iterdir() if one.is_file()]

    def put(self, source: Path, name: str) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.path / f".{name}.part"
        try:
            draft.touch(mode=0o600)
            shutil.copyfile(source, draft)
            draft.replace(self.path / name)
        finally:
            draft.unlink(missing_ok=True)

    def fetch(self, name: str, target: Path) -> None:
        shutil.copyfile(self.path / name, target)

    def remove(self, name: str) -> None:
        (self.path / name).unlink(missing_ok=True)


@dataclass(frozen=True)
class Bucket:
    """A part of a bucket."""

    storage: BucketStorage
    prefix: str

    def names(self) -> list[str]:
        return self.storage.listdir(self.prefix)[1]

    def put(self, source: Path, name: str) -> None:
        self.storage.upload(source, self._key(name))
        if self.storage.size(self._key(name)) != source.stat().st_size:
            raise OSError(f"{name} arrived in another size")

    def fetch(self, name: str, target: Path) -> None:
        with self.storage.open(self._key(name)) as kept, target.open("wb") as file:
            shutil.copyfileobj(kept, file)

    def remove(self, name: str) -> None:
        self.storage.delete(self._key(name))

    def _key(self, name: str) -> str:
        return f"{self.prefix}/{name}" if self.prefix else name


def place_of(words: str) -> Place:
    """Return the place that ``words`` name: a folder, or ``s3://bucket/prefix``. Raises `CannotArchive`.

    A bucket is reached as that of HEED_FILES is, where there is one; otherwise as boto3 finds its way (AWS_…).
    """
    if not words.startswith(_S3):
        return Folder(Path(words).absolute())
    bucket, _, prefix = words.removeprefix(_S3).partition("/")
    if not bucket:
        raise CannotArchive(f"{words} names no bucket; write s3://BUCKET/PREFIX.")
    return Bucket(BucketStorage(**{**settings.FILES_BUCKET, "bucket": bucket}), prefix.strip("/"))


def newest_of(place: Place) -> str:
    """Return the name of the newest backup. Raises `CannotArchive` where there is none."""
    try:
        kept = [name for name in place.names() if _made_at(name)]
    except OSError as error:
        raise CannotArchive(f"The place of the backups cannot be read: {error}.") from None
    if not kept:
        raise CannotArchive("There is no backup at that place.")
    return max(kept)


def periods_of(words: str) -> dict[str, int]:
    """Return how many days, weeks and months ``words`` like "7d,4w,12m" keep. Raises `CannotArchive`."""
    found: dict[str, int] = {}
    for one in words.split(","):
        said = _KEEP.fullmatch(one.strip())
        if said is None or not int(said[1]):
            raise CannotArchive(f"“{words}” is no rotation; write for example 7d,4w,12m.")
        found[said[2]] = int(said[1])
    return found


def superfluous(names: Iterable[str], keep: dict[str, int]) -> list[str]:
    """Return which of ``names`` need not stay: of each of the last days, weeks and months its newest does.

    Days without a backup do not count, so that nothing goes only because none was made. What has another name than Heed's
    backups is never among them.
    """
    made = sorted(((at, name) for name in names if (at := _made_at(name))), reverse=True)
    stay = {name for _, name in made[:1]}
    for unit, number in keep.items():
        newest: dict[object, str] = {}
        for at, name in made:
            newest.setdefault(_PERIODS[unit](at), name)
        stay |= set(list(newest.values())[:number])
    return sorted(name for _, name in made if name not in stay)


def _made_at(name: str) -> dt.datetime | None:
    said = _NAME.fullmatch(name)
    try:
        return said and dt.datetime.strptime(said[1], "%Y-%m-%d-%H%M%S").replace(tzinfo=dt.UTC)
    except ValueError:
        return None
