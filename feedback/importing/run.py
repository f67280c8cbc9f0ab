"""Taking over a file of posts: reading, rejecting what cannot be taken, and going on where one stopped."""

import csv
import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from feedback.forum.models import Board
from feedback.forum.posts import bulk
from feedback.forum.posts.bulk import ImportResult, ImportRow
from feedback.importing.formats import (
    BrokenRow,
    CannotImport,
    Columns,
    Row,
    Source,
    ValueUnreadable,
    open_source,
    read_rows,
)

#: Rows between two reports of how far reading has come.
REPORT_EVERY = 250
#: Original rows kept until their batch is through, in case the forum rejects one.
KEPT_ROWS = 2 * bulk.BATCH


@dataclass
class Progress:
    """How far the import of one file has come. ``position`` and ``size`` are bytes."""

    size: int
    position: int = 0
    read: int = 0
    made: int = 0
    already_there: int = 0
    rejected: int = 0


def source_of(path: Path) -> str:
    """Return the name under which a file's rows are known: its own name, without what marks its format."""
    name = path.name.lower()
    for ending in (".gz", ".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".json", ".rejects"):
        name = name.removesuffix(ending)
    return re.sub(r"[\s:#]+", "-", name)[:60].strip("-") or "import"


def rejects_beside(path: Path) -> Path:
    """Return where the rows that could not be taken are written: beside the file."""
    beside = path.with_name(f"{source_of(path)}.rejects.csv")
    return beside if beside != path else path.with_name(f"{source_of(path)}.rejects.rejects.csv")


def import_file(
    path: Path,
    *,
    board: Board,
    source: str,
    columns: Columns,
    rejects_path: Path,
    now: dt.datetime,
    limit: int | None = None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Progress:
    """Make a post of every row of ``path`` that is not there yet; return what came of it.

    Batches are committed one by one, so an import that is stopped or killed goes on where it was when it is
    run again. Rows that cannot be taken are in ``rejects_path`` afterwards, which exists only then.
    Raises `CannotImport` when the file as a whole cannot be read.
    """
    with open_source(path) as opened, _Rejects(rejects_path) as rejects:
        progress = Progress(size=opened.size)
        reader = _Reader(opened, columns, rejects, progress, on_progress, is_stopped)

        def batch_done(result: ImportResult) -> None:
            progress.made, progress.already_there = result.made, result.already_there
            on_progress(progress)

        bulk.import_rows(
            islice(reader, limit),
            board=board,
            source=source,
            now=now,
            on_progress=batch_done,
            on_reject=reader.reject,
        )
        if not progress.read:
            raise CannotImport(f"{path} has a header and no rows.")
        progress.position = opened.position
        on_progress(progress)
        return progress


class _Reader:
    """The rows of a file as the forum takes them; what it cannot read goes to the rejects."""

    def __init__(
        self,
        opened: Source,
        columns: Columns,
        rejects: "_Rejects",
        progress: Progress,
        on_progress: Callable[[Progress], None],
        is_stopped: Callable[[], bool],
    ) -> None:
        self._opened = opened
        self._columns = columns
        self._rejects = rejects
        self._progress = progress
        self._on_progress = on_progress
        self._is_stopped = is_stopped
        self._kept: dict[int, Row] = {}

    def __iter__(self) -> Iterator[ImportRow]:
        is_checked = False
        for row in read_rows(self._opened):
            self._progress.read += 1
            if self._progress.read % REPORT_EVERY == 0:
                self._progress.position = self._opened.position
                self._on_progress(self._progress)
                if self._is_stopped():
                    return
            if isinstance(row, BrokenRow):
                self._refuse(row.line, row.reason, {"row": row.raw})
                continue
            if not is_checked:
                self._columns.check(row.values, self._opened.path)
                is_checked = True
            self._keep(row)
            try:
                yield self._columns.read(row)
            except ValueUnreadable as unreadable:
                self._refuse(row.line, str(unreadable), row.values)

    def reject(self, row: ImportRow, reason: str) -> None:
        """Take back a row that the forum does not want."""
        kept = self._kept.get(row.line)
        self._refuse(row.line, reason, kept.values if kept else {"row": row.title})

    def _keep(self, row: Row) -> None:
        self._kept[row.line] = row
        if len(self._kept) > KEPT_ROWS:
            del self._kept[next(iter(self._kept))]

    def _refuse(self, line: int, reason: str, values: dict[str, str]) -> None:
        self._progress.rejected += 1
        self._rejects.write(line, reason, values)


class _Rejects:
    """The file of rows that could not be taken: line, reason, and the row as it was. Made when needed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: TextIO | None = None
        self._writer: Any = None
        self._names: list[str] = []

    def __enter__(self) -> "_Rejects":
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, line: int, reason: str, values: dict[str, str]) -> None:
        """Add one row. Its columns stand under the names that the first of its kind had."""
        if self._file is None:
            try:
                self._file = self._path.open("w", encoding="utf-8", errors="replace", newline="")
            except OSError as error:
                raise CannotImport(
                    f"The rejects file {self._path} cannot be written ({(error.strerror or '').lower()}); "
                    "name another one with --rejects."
                ) from None
            self._writer = csv.writer(self._file)
            self._names = [name for name in values if name != "row"]
            self._writer.writerow(["line", "reason", *self._names, "row"])
        known = [values.get(name, "") for name in self._names]
        rest = values.get("row", "") or ",".join(
            f"{name}={value}" for name, value in values.items() if name not in self._names
        )
        self._writer.writerow([line, reason, *known, rest])
        self._file.flush()
