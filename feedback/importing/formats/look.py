"""Looking at a file before anything is written: what it is, what its columns are taken for, and three of its rows."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.engine.words.lead import Refrains
from feedback.importing.formats import places
from feedback.importing.formats.columns.fields import Field
from feedback.importing.formats.columns.mapping import ColumnUse, Judgement, judge
from feedback.importing.formats.columns.survey import Survey, survey
from feedback.importing.formats.dates.column import DateReader
from feedback.importing.formats.dates.zones import zone_in
from feedback.importing.formats.files import Opened, Settings, Shape, open_rows, shape_of
from feedback.importing.formats.known import KnownFormat
from feedback.importing.formats.posts import PostReader, PostRow, Refused
from feedback.importing.formats.refusals import Question, Undecided, ValueUnreadable
from feedback.importing.formats.rows import BrokenRow, Row, text_of
from feedback.importing.formats.values import nothing_or

#: Rows that are shown.
EXAMPLES = 3
#: How far ahead a clock somewhere may be.
AHEAD = dt.timedelta(days=1)
_DATES = (Field.POSTED_ON, Field.ANSWERED_ON, Field.DECIDED_ON)


@dataclass(frozen=True)
class FileMapping:
    """What a file is taken for.

    ``columns`` are all of them; ``notes`` are sentences that a person should read; ``examples`` rows as posts. Of a known format
    ``left_out`` rows are no posts.
    """

    shape: Shape
    rows: int
    broken: int
    left_out: int
    columns: tuple[ColumnUse, ...]
    taken: dict[Field, str]
    notes: tuple[str, ...]
    examples: tuple[PostRow, ...]
    _dates: DateReader | None
    _answer_dates: DateReader | None
    _decision_dates: DateReader | None
    _comment_dates: DateReader
    _refrains: Refrains
    _capitals_are_languages: bool
    _kept: frozenset[str] | None

    @property
    def states(self) -> tuple[str, ...]:
        """The different states that rows have, as far as they are few."""
        column = self.column_of(Field.STATE)
        return tuple(sorted((column.counts if column else None) or ()))

    def column_of(self, what: Field) -> ColumnUse | None:
        """Return the column that is taken for ``what``."""
        name = self.taken.get(what)
        return next((one for one in self.columns if one.name == name), None)

    def state_counts(self) -> list[tuple[str, int]]:
        """Return the different states of rows with their counts, the most frequent first; however their letters are written."""
        column = self.column_of(Field.STATE)
        counts = Counter(column.counts if column and column.counts else {})
        found: dict[str, tuple[str, int]] = {}
        for state, count in counts.most_common():
            if nothing_or(state):
                name, before = found.get(state.lower(), (state, 0))
                found[state.lower()] = (name, before + count)
        return sorted(found.values(), key=lambda one: -one[1])

    def rows_with(self, what: Field) -> int:
        """Return how many rows say something in the column that is taken for ``what``."""
        column = self.column_of(what)
        return column.filled if column else 0

    def has_too_many(self, what: Field) -> bool:
        """Tell whether the values in the column taken for ``what`` are too many to be told apart."""
        column = self.column_of(what)
        return column is not None and column.counts is None

    @property
    def known(self) -> KnownFormat | None:
        """The format that the file is known to have."""
        return self.shape.known

    def reader(self) -> PostReader:
        """Return a reader of the file's rows, for one time through it."""
        return PostReader(
            self.taken,
            self._dates,
            self._answer_dates,
            self._decision_dates,
            self._comment_dates,
            self._refrains,
            self._capitals_are_languages,
            self._kept,
        )


def look(
    path: Path,
    settings: Settings,
    *,
    now: dt.datetime,
    formats: Sequence[KnownFormat] = (),
    on_progress: Callable[[int, int, int], None] = lambda position, size, rows: None,
) -> FileMapping:
    """Read ``path`` through once and return what it is taken for; memory stays flat.

    A file with the columns of one of ``formats`` is taken as that says. ``on_progress`` hears of bytes read, bytes in all and rows.
    Raises `CannotImport` when it cannot be read, and `Undecided` when a person has to say something first.
    """
    shape = shape_of(path, settings, formats)
    known = shape.known
    if known is not None and known.time_zone and not settings.time_zone_is_said:
        settings = replace(settings, time_zone=ZoneInfo(known.time_zone), time_zone_is_said=True)
    with open_rows(shape) as opened:
        found = survey(_told(opened, on_progress), latest=now + AHEAD, path=path)
        left_out = opened.left_out
    judged = judge(
        found.columns,
        settings.columns,
        path,
        needs_dates=settings.needs_dates,
        usual=known.chosen(found.columns) if known else None,
        why_usual=_("the format says so"),
        ignored=known.dropped(found.columns) if known else frozenset(),
    )
    readers, notes = _date_readers(found, judged, settings, now)
    asked = readers.get(Field.POSTED_ON)
    if isinstance(asked, Question) and settings.needs_dates:
        raise Undecided(asked)
    told = {what: reader for what, reader in readers.items() if isinstance(reader, DateReader)}
    given = (
        set(found.columns[judged.taken[Field.LANGUAGE]].texts)
        if Field.LANGUAGE in judged.taken
        else set()
    )
    kept = known.kept(found.columns) if known else None
    mapping = FileMapping(
        shape=shape,
        rows=found.rows,
        broken=found.broken,
        left_out=left_out,
        columns=tuple(
            replace(one, is_kept=kept is None or one.name in kept) for one in judged.uses()
        ),
        taken=judged.taken,
        notes=tuple(notes),
        examples=(),
        _dates=told.get(Field.POSTED_ON),
        _answer_dates=told.get(Field.ANSWERED_ON),
        _decision_dates=told.get(Field.DECIDED_ON),
        _comment_dates=told.get(Field.POSTED_ON, DateReader(settings.time_zone, now + AHEAD)),
        _refrains=Refrains.learn(_bodies(found, judged)),
        _capitals_are_languages=any(
            len(one) == 2 and one.isupper() and places.language(one) and not places.country(one)
            for one in given
        ),
        _kept=kept,
    )
    return _with_examples(mapping, found.sample)


def _told(
    opened: Opened, on_progress: Callable[[int, int, int], None]
) -> Iterator[Row | BrokenRow]:
    for number, row in enumerate(opened, 1):
        if number % 1_000 == 0:
            on_progress(opened.position, opened.size, number)
        yield row


def _bodies(found: Survey, judged: Judgement) -> list[str]:
    body = judged.taken.get(Field.BODY)
    return [text_of(row.values.get(body)) for row in found.sample] if body else []


def _date_readers(
    found: Survey, judged: Judgement, settings: Settings, now: dt.datetime
) -> tuple[dict[Field, DateReader | Question], list[str]]:
    readers: dict[Field, DateReader | Question] = {}
    notes = []
    for what in _DATES:
        name = judged.taken.get(what)
        dates = found.columns[name].dates if name else None
        if name is None or dates is None:
            continue
        if settings.date_language:
            dates.languages = frozenset({settings.date_language})
        zone = zone_in(name)
        readers[what] = dates.settle(
            name,
            order=settings.date_order,
            time_zone=zone or settings.time_zone,
            is_zone_said=settings.time_zone_is_said or zone is not None,
        )
        if what != Field.POSTED_ON:
            continue
        if not dates.read:
            notes.append(
                _('No value of the column "%(name)s" can be read as a date.') % {"name": name}
            )
        elif dates.unzoned and not settings.time_zone_is_said and zone is None:
            notes.append(
                _('Dates that name no time zone are read in "%(zone)s".')
                % {"zone": settings.time_zone}
            )
    missing = found.rows - found.broken
    if Field.POSTED_ON in judged.taken:
        missing -= found.columns[judged.taken[Field.POSTED_ON]].filled
    if missing > 0:
        notes.append(
            ngettext(
                "%(count)s row has no date and will be dated at the import.",
                "%(count)s rows have no date and will be dated at the import.",
                missing,
            )
            % {"count": f"{missing:,}"}
        )
    return readers, notes


def _with_examples(mapping: FileMapping, sample: list[Row]) -> FileMapping:
    reader = mapping.reader()
    examples: list[PostRow] = []
    for row in sample[:50]:
        try:
            examples.append(reader.read(row))
        except ValueUnreadable:
            continue
        if len(examples) == EXAMPLES:
            break
    return replace(mapping, examples=tuple(examples))


@contextmanager
def read(mapping: FileMapping) -> Iterator["Posts"]:
    """Open the posts of a file that was looked at."""
    with open_rows(mapping.shape) as opened:
        yield Posts(opened, mapping.reader())


class Posts:
    """The typed rows of a file, once; ``position`` of ``size`` bytes have been read."""

    def __init__(self, opened: Opened, reader: PostReader) -> None:
        self._opened = opened
        self._reader = reader
        self.size = opened.size

    @property
    def position(self) -> int:
        """How many bytes have been read."""
        return self._opened.position

    def __iter__(self) -> Iterator[PostRow | Refused]:
        for row in self._opened:
            if isinstance(row, BrokenRow):
                yield Refused(row.line, row.reason, raw=row.raw)
                continue
            try:
                yield self._reader.read(row)
            except ValueUnreadable as unreadable:
                yield Refused(row.line, str(unreadable), row.values)
