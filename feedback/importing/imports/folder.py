"""Where the bytes of uploaded files lie: a folder for each import in the data folder, which web and worker share."""

import shutil
import unicodedata
from pathlib import Path

from django.conf import settings

from feedback.importing.models import Import

_LONGEST_NAME = 120


def folder() -> Path:
    """Return the folder of all of them, made when it is not there."""
    path: Path = settings.DATA_DIR / "imports"
    path.mkdir(parents=True, exist_ok=True)
    return path


def path_of(one: Import) -> Path:
    """Return where the file of an upload lies."""
    return folder() / one.public_id / one.file_name


def plain_name(name: str) -> str:
    """Return a file's name without folders and signs that no file system takes; what tells its form stays."""
    shown = "".join(
        char for char in unicodedata.normalize("NFC", name) if char.isprintable()
    ).replace("\\", "/")
    found = Path(shown).name.strip(" .") or "file"
    if len(found) <= _LONGEST_NAME and len(found.encode()) <= 2 * _LONGEST_NAME:
        return found
    ending = "".join(Path(found).suffixes[-2:])[-12:]
    head = found.removesuffix(ending).encode()[: _LONGEST_NAME - len(ending)]
    return head.decode(errors="ignore") + ending


def keep(arrived: Path, one: Import) -> None:
    """Put the bytes that ``arrived`` where those of ``one`` lie."""
    path = path_of(one)
    path.parent.mkdir(parents=True, exist_ok=True)
    arrived.replace(path)


def forget(one: Import) -> None:
    """Remove the bytes of an upload."""
    remove(folder() / one.public_id)


def remove(path: Path) -> None:
    """Remove a folder, if it is there."""
    shutil.rmtree(path, ignore_errors=True)
