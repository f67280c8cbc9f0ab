"""Knowing that Heed runs: a lock in the data folder, with where to find it."""

import fcntl
import json
import os
from pathlib import Path
from typing import Any, TextIO

FILE_NAME = "serve.lock"


class RunsAlready(Exception):
    """Another `serve` uses this data folder; the message says which and where."""


class Running:
    """This process serves the data folder. The lock is the system's: it ends with the process, however it ends."""

    def __init__(self, folder: Path) -> None:
        self._file: TextIO = (folder / FILE_NAME).open("a+", encoding="utf-8")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            facts = _read(self._file)
            self._file.close()
            raise RunsAlready(
                f"Heed already serves the data folder {folder}"
                + (
                    f" at {facts['address']} (process {facts['pid']})."
                    if "address" in facts
                    else "."
                )
            ) from None
        self.was_killed = bool(_read(self._file))

    def note(self, **facts: Any) -> None:
        """Write down where this Heed is found."""
        self._write({"pid": os.getpid(), **facts})

    def close(self) -> None:
        """End cleanly."""
        self._write({})
        self._file.close()

    def _write(self, facts: dict[str, Any]) -> None:
        self._file.seek(0)
        self._file.truncate()
        if facts:
            json.dump(facts, self._file)
        self._file.flush()


def _read(file: TextIO) -> dict[str, Any]:
    file.seek(0)
    try:
        return dict(json.load(file))
    except ValueError:
        return {}


def where(folder: Path) -> dict[str, Any] | None:
    """Return pid, address and encoder of the `serve` that uses ``folder`` now, or None."""
    try:
        with (folder / FILE_NAME).open(encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return _read(file)
    except OSError:
        pass
    return None
