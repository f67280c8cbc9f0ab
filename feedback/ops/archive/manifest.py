"""What is in a backup: written first when it is made, read first when it is restored."""

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

NAME = "manifest.json"
SQLITE_NAME = "heed.sqlite3"
POSTGRES_NAME = "heed.pgdump"
SECRET_NAME = "secret-key"  # noqa: S105
START_NAME = "first-start.json"
MEDIA_FOLDER = "media"
FORMAT = 1


class CannotArchive(Exception):
    """A backup cannot be made or restored; the message is one sentence."""


@dataclass(frozen=True)
class Manifest:
    """``files`` maps every file of the archive to its SHA-256; ``migrations`` are those the database had."""

    made_at: dt.datetime
    database: str
    posts: int
    people: int
    migrations: list[str]
    files: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    def dump(self) -> bytes:
        """Return it as the archive holds it."""
        facts = asdict(self) | {"made_at": self.made_at.isoformat()}
        return json.dumps(facts, indent=1, sort_keys=True).encode()

    @classmethod
    def load(cls, raw: bytes) -> "Manifest":
        """Return what `dump` wrote. Raises `CannotArchive` for anything else."""
        try:
            facts = json.loads(raw)
            if facts["format"] > FORMAT:
                raise CannotArchive(
                    "This backup was made by a newer Heed; upgrade before restoring it."
                )
            return cls(**(facts | {"made_at": dt.datetime.fromisoformat(facts["made_at"])}))
        except (ValueError, KeyError, TypeError):
            raise CannotArchive(
                "This file is not a backup of Heed: its manifest is unreadable."
            ) from None


def digest_of(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
