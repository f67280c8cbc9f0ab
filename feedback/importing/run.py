"""Taking over a file of posts: looking at it, reading, rejecting what cannot be taken, and going on where one stopped."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from feedback.accounts.models import User
from feedback.forum.models import Board
from feedback.forum.posts import bulk
from feedback.forum.posts.bulk import ImportResult, ImportRow
from feedback.importing import along, sources
from feedback.importing.formats import FileMapping, PostRow, Posts, Refused, Settings, look, read
from feedback.importing.formats.columns.fields import Field
from feedback.importing.formats.known import MADE
from feedback.importing.formats.posts import LONGEST_FIELD, Occurrences
from feedback.importing.rejects import Rejects

#: Rows between two reports of how far reading has come.
REPORT_EVERY = 250
#: Rows kept until their batch is through, in case the forum rejects one.
KEPT_ROWS = 2 * bulk.BATCH
_ENDINGS = (
    ".gz",
    ".csv",
    ".tsv",
    ".txt",
    ".jsonl",
    ".ndjson",
    ".json",
    ".xlsx",
    ".xlsm",
    ".xlsb",
    ".xls",
    ".ods",
    ".rejects",
)
#: What the forum has no place for yet stays with the post under the name of its column.
_KEPT_WITH_THE_POST = (
    Field.LANGUAGE,
    Field.DEVICE,
    Field.STATE,
    Field.TAGS,
    Field.URL,
    Field.MERGED_INTO,
)
#: Different states of which the rows are counted.
_MOST_STATES = 200


@dataclass
class Progress:
    """How far the import of one file has come. ``position`` and ``size`` are bytes.

    ``is_looking``: the file is only looked at yet. ``is_along``: the posts are there, what comes along with them is read. Of the
    rows already there ``changed`` differ and were left, ``updated`` were taken over; ``undated`` rows have no date, their posts
    are ``dated`` now. ``comments`` are new ones, ``orphaned`` ones answer posts that are not here. ``states`` counts rows by their
    state, ``answered`` those with an official answer, ``merged`` those that were merged into another. ``others`` are rows
    that are no posts.
    """

    size: int
    position: int = 0
    read: int = 0
    made: int = 0
    already_there: int = 0
    rejected: int = 0
    changed: int = 0
    updated: int = 0
    undated: int = 0
    others: int = 0
    dated: dt.datetime | None = None
    comments: int = 0
    orphaned: int = 0
    states: Counter[str] = field(default_factory=Counter)
    answered: int = 0
    merged: int = 0
    is_looking: bool = False
    is_along: bool = False
    rejects_path: Path | None = None


OnProgress = Callable[[Progress], None]


def source_of(path: Path) -> str:
    """Return the name under which a file's rows are known: its own name, without what marks its format."""
    name = path.name.lower()
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    return re.sub(r"[\s:#]+", "-", name)[:60].strip("-") or "import"


def source_for(mapping: FileMapping) -> str:
    """Return the name under which the rows of a file are known: that of the tool it comes from, otherwise its own."""
    known = mapping.known
    return known.source if known is not None else source_of(mapping.shape.path)


def rejects_beside(path: Path, *, is_json: bool = False) -> Path:
    """Return where the rows that could not be taken are written: beside the file."""
    ending = "jsonl" if is_json else "csv"
    beside = path.with_name(f"{source_of(path)}.rejects.{ending}")
    return (
        beside if beside != path else path.with_name(f"{source_of(path)}.rejects.rejects.{ending}")
    )


def look_at_file(
    path: Path,
    *,
    settings: Settings,
    now: dt.datetime,
    on_progress: OnProgress = lambda progress: None,
) -> FileMapping:
    """Return what a file is taken for, having read it once. Raises `CannotImport` and `Undecided`."""
    return look(
        path,
        settings,
        now=now,
        formats=sources.formats(),
        on_progress=lambda position, size, rows: on_progress(
            Progress(size=size, position=position, read=rows, is_looking=True)
        ),
    )


def import_file(
    mapping: FileMapping,
    *,
    board: Board,
    source: str,
    now: dt.datetime,
    rejects_path: Path | None = None,
    limit: int | None = None,
    update: bool = False,
    on_progress: OnProgress = lambda progress: None,
    is_stopped: Callable[[], bool] = lambda: False,
    actor: User | None = None,
    skip: int = 0,
    writes_rejects: bool = True,
    on_refused: Callable[[Refused], None] = lambda refused: None,
    on_written: Callable[[Progress, int], None] = lambda progress, made: None,
) -> Progress:
    """Make a post of every row of a file that is not there yet, and bring what comes along; return what came of it.

    ``mapping`` is what the file was taken for (`look_at_file`). Batches are committed one by one, so an import that is stopped or killed
    goes on where it was when it is run again. Rows that cannot be taken are in ``rejects_path`` afterwards, which exists only then.
    A row that is there and has changed since is left unless ``update``. The first ``skip`` rows are gone over: they were taken before.
    ``on_refused`` hears of each row that cannot be taken, ``on_written`` of each batch that made posts, in its transaction: all rows
    up to `Progress.read` are through then. Raises `CannotImport`.
    """
    shape = mapping.shape
    rejects_path = rejects_path or rejects_beside(shape.path, is_json=shape.is_json)
    columns = [one.name for one in mapping.columns if not one.name.startswith(MADE)]
    with (
        read(mapping) as posts,
        Rejects(rejects_path, encoding=shape.looked.encoding, columns=columns)
        if writes_rejects
        else nullcontext() as rejects,
    ):
        progress = Progress(size=posts.size, rejects_path=rejects_path, dated=now)

        def refused(row: Refused) -> None:
            if rejects is not None:
                rejects.write(row)
            on_refused(row)

        reader = _Reader(posts, mapping, refused, progress, limit, on_progress, is_stopped, skip)
        if update:
            reader.look_for_ids_met_twice()

        def batch_done(result: ImportResult) -> None:
            progress.made = result.made
            progress.already_there = result.already_there + reader.overtaken
            progress.changed, progress.updated = result.changed, result.updated
            on_progress(progress)

        result = bulk.import_rows(
            reader,
            board=board,
            source=source,
            now=now,
            actor=actor,
            update=update,
            on_progress=batch_done,
            on_reject=reader.reject,
            on_written=lambda made: on_written(progress, made),
        )
        batch_done(result)
        progress.position = posts.position
        on_progress(progress)
    if progress.updated:
        along.recount_asks(source)
    if along.comes_along(mapping) and not is_stopped():
        _bring_along(mapping, source, now, progress, limit, on_progress, is_stopped)
    return progress


def _bring_along(
    mapping: FileMapping,
    source: str,
    now: dt.datetime,
    progress: Progress,
    limit: int | None,
    on_progress: OnProgress,
    is_stopped: Callable[[], bool],
) -> None:
    """Read the file once more for what belongs under posts, which are all there now."""
    progress.is_along = True
    with read(mapping) as posts:
        stream = iter(posts if limit is None else islice(posts, max(0, limit)))
        while some := list(islice(stream, along.BATCH)):
            brought = along.bring(
                [row for row in some if isinstance(row, PostRow)],
                mapping=mapping,
                source=source,
                now=now,
            )
            progress.comments += brought.made
            progress.orphaned += brought.orphaned
            progress.position = posts.position
            on_progress(progress)
            if is_stopped():
                return


class _Reader:
    """The rows of a file as the forum takes them; what it cannot read goes to the rejects."""

    def __init__(
        self,
        posts: Posts,
        mapping: FileMapping,
        on_refused: Callable[[Refused], None],
        progress: Progress,
        limit: int | None,
        on_progress: OnProgress,
        is_stopped: Callable[[], bool],
        skip: int,
    ) -> None:
        self._posts = posts
        self._mapping = mapping
        self._on_refused = on_refused
        self._progress = progress
        self._limit = limit
        self._on_progress = on_progress
        self._is_stopped = is_stopped
        self._skip = skip
        self._kept: dict[int, PostRow] = {}
        self._ids: Occurrences | None = None
        #: Rows that a later one with the same id says better.
        self.overtaken = 0

    def look_for_ids_met_twice(self) -> None:
        """Have of the rows with one id the last alone be taken: one after another they would change its post to and fro."""
        if Field.EXTERNAL_ID not in self._mapping.taken:
            return
        self._ids = Occurrences()
        with read(self._mapping) as posts:
            for row in posts if self._limit is None else islice(posts, max(0, self._limit)):
                if isinstance(row, PostRow) and not row.comment_on:
                    self._ids.count(row.external_id.encode("utf-8", "replace"))

    def _is_overtaken(self, row: PostRow) -> bool:
        if self._ids is None or row.comment_on:
            return False
        return self._ids.left(row.external_id.encode("utf-8", "replace")) > 0

    def __iter__(self) -> Iterator[ImportRow]:
        if self._limit is not None and self._limit < 1:
            return
        for row in self._posts:
            self._progress.read += 1
            if self._progress.read % REPORT_EVERY == 0:
                self._progress.position = self._posts.position
                self._on_progress(self._progress)
                if self._is_stopped():
                    self._progress.read -= 1  # this row is left for the next time
                    return
            is_overtaken = isinstance(row, PostRow) and self._is_overtaken(row)
            if self._progress.read <= self._skip:
                continue
            if isinstance(row, Refused):
                self._refuse(row)
            elif row.comment_on:
                self._progress.others += 1
            elif is_overtaken:
                self.overtaken += 1
            else:
                self._keep(row)
                self._count(row)
                self._progress.undated += row.posted_at is None
                yield as_import_row(row, self._mapping)
            if self._progress.read == self._limit:
                return

    def reject(self, row: ImportRow, reason: str) -> None:
        """Take back a row that the forum does not want."""
        kept = self._kept.get(row.line)
        self._progress.undated -= row.posted_at is None
        self._refuse(Refused(row.line, reason, kept.values if kept else {"row": row.title}))

    def _count(self, row: PostRow) -> None:
        states = self._progress.states
        if row.state and (row.state in states or len(states) < _MOST_STATES):
            states[row.state] += 1
        self._progress.answered += row.answer is not None
        self._progress.merged += bool(row.merged_into)

    def _keep(self, row: PostRow) -> None:
        self._kept[row.line] = row
        if len(self._kept) > KEPT_ROWS:
            del self._kept[next(iter(self._kept))]

    def _refuse(self, refused: Refused) -> None:
        self._progress.rejected += 1
        self._on_refused(refused)


def as_import_row(row: PostRow, mapping: FileMapping) -> ImportRow:
    """Return what a file says of a post as the forum takes it."""
    author = row.author
    fields = dict(row.fields)
    for what in _KEPT_WITH_THE_POST:
        name = mapping.taken.get(what)
        if (
            name is not None
            and name != mapping.taken.get(Field.EXTERNAL_ID)
            and (said := ", ".join(row.tags) if what == Field.TAGS else row.said(name))
        ):
            fields[name.removeprefix(MADE)[:60]] = said[:LONGEST_FIELD]
    return ImportRow(
        external_id=row.external_id,
        title=row.title,
        body=row.body,
        author=author.name,
        author_key=author.key,
        author_email=author.email,
        kind=row.kind,
        posted_at=row.posted_at,
        product_version=row.version,
        country=row.country,
        rating=row.stars,
        votes_elsewhere=row.votes or 0,
        fields=fields,
        line=row.line,
    )
