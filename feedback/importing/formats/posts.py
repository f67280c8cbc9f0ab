"""The typed rows: what a file says of one post, whatever kind of file it is."""

import datetime as dt
import hashlib
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from feedback.engine.words.lead import Refrains
from feedback.importing.formats import places, titles, values
from feedback.importing.formats.columns.fields import NOT_CONTENT, Field
from feedback.importing.formats.comments import (
    NOBODY,
    Author,
    Comment,
    author_of,
    comments_in,
    moment_or_none,
)
from feedback.importing.formats.dates.column import DateReader
from feedback.importing.formats.rows import Row, text_of

MOST_FIELDS = 20
LONGEST_FIELD = 500


@dataclass(frozen=True, slots=True)
class PostRow:
    """What one row says of a post.

    ``external_id`` is the source's own, or made of the content (``is_id_made``). ``title`` is the source's, or the sentence
    that asks (``is_title_made``). ``posted_at`` is aware, None where the row has no date. ``votes`` were counted elsewhere, without
    names. ``decided_on``: since when it has its state. ``comment_on``: it is no post, but a comment on the one with that id.
    ``fields`` are the columns that have no place of their own, ``values`` the row as it is in the file.
    """

    line: int
    external_id: str
    title: str
    body: str
    author: Author = NOBODY
    posted_at: dt.datetime | None = None
    stars: int | None = None
    votes: int | None = None
    version: str = ""
    country: str = ""
    language: str = ""
    device: str = ""
    kind: str = ""
    state: str = ""
    tags: tuple[str, ...] = ()
    answer: Comment | None = None
    comments: tuple[Comment, ...] = ()
    url: str = ""
    merged_into: str = ""
    decided_on: dt.datetime | None = None
    shipped_in: str = ""
    comment_on: str = ""
    is_official: bool = False
    is_internal: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    is_id_made: bool = False
    is_title_made: bool = False

    def said(self, column: str) -> str:
        """Return what stands in a column, "" where that is nothing."""
        return values.nothing_or(text_of(self.values.get(column)))[:LONGEST_FIELD]


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be taken: its line, why, its values if they could be told apart, and what stands there otherwise.

    Bytes that are no text in the file's encoding are lone surrogates in ``raw``: ``errors="surrogateescape"`` writes them as they were.
    """

    line: int
    reason: str
    values: Mapping[str, Any] = field(default_factory=dict)
    raw: str = ""


@dataclass
class PostReader:
    """Makes typed rows of a file's rows: ``taken`` says which column holds what, ``kept`` which others stay (None: all).

    One reader reads one file once: it counts rows that say the same, so that each gets an id of its own.
    """

    taken: Mapping[Field, str]
    dates: DateReader | None
    answer_dates: DateReader | None
    decision_dates: DateReader | None
    comment_dates: DateReader
    refrains: Refrains
    capitals_are_languages: bool = False
    kept: frozenset[str] | None = None

    def __post_init__(self) -> None:
        self._used = set(self.taken.values())
        self._occurrences = Occurrences()

    def read(self, row: Row) -> PostRow:
        """Return ``row`` as a post. Raises `ValueUnreadable`."""
        cells = {what: row.values.get(name) for what, name in self.taken.items()}

        def said(what: Field) -> str:
            return values.nothing_or(text_of(cells.get(what)))

        posted_at = (
            self.dates.read(cells.get(Field.POSTED_ON) if said(Field.POSTED_ON) else "")
            if self.dates
            else None
        )
        kind, kind_unknown = values.kind(said(Field.KIND))
        version = values.nothing_or(said(Field.APP_VERSION), also=("unknown", "未知"))
        language, other_country = (
            places.spoken_and_country(
                said(Field.LANGUAGE), capitals_are_languages=self.capitals_are_languages
            )
            if said(Field.LANGUAGE)
            else ("", "")
        )
        title, body = said(Field.TITLE), said(Field.BODY)
        made_title = titles.title_of(title, body, self.refrains)
        author = author_of(said(Field.AUTHOR), said(Field.AUTHOR_ID), said(Field.EMAIL))
        external_id = said(Field.EXTERNAL_ID)
        more = self._more(row)
        if kind_unknown:
            more[self.taken[Field.KIND]] = kind_unknown[:LONGEST_FIELD]
        if made_title and title and made_title != title:
            more[self.taken[Field.TITLE]] = title[:LONGEST_FIELD]
        return PostRow(
            line=row.line,
            external_id=external_id
            or self._made_id((title, body, said(Field.AUTHOR)), posted_at, version),
            title=made_title or title,
            body=body,
            author=author,
            posted_at=posted_at,
            stars=values.stars(said(Field.STARS)),
            votes=values.count(said(Field.VOTES)),
            version=version,
            country=places.country(said(Field.COUNTRY)) or other_country,
            language=language,
            device=said(Field.DEVICE),
            kind=kind,
            state=said(Field.STATE),
            tags=values.tags(cells[Field.TAGS]) if cells.get(Field.TAGS) else (),
            answer=self._answer(
                said(Field.ANSWER), said(Field.ANSWERED_BY), cells.get(Field.ANSWERED_ON)
            ),
            comments=comments_in(cells.get(Field.COMMENTS), self.comment_dates),
            url=said(Field.URL),
            merged_into=said(Field.MERGED_INTO),
            decided_on=moment_or_none(self.decision_dates, cells.get(Field.DECIDED_ON)),
            shipped_in=said(Field.SHIPPED_IN),
            comment_on=said(Field.COMMENT_ON),
            is_official=values.is_yes(said(Field.IS_OFFICIAL)),
            is_internal=values.is_yes(said(Field.IS_INTERNAL)),
            fields=dict(list(more.items())[:MOST_FIELDS]),
            values=row.values,
            is_id_made=not external_id,
            is_title_made=bool(made_title) and made_title != title,
        )

    def _more(self, row: Row) -> dict[str, str]:
        """Return the columns that are taken for nothing."""
        return {
            name[:60]: text[:LONGEST_FIELD]
            for name, value in row.values.items()
            if name not in self._used
            and (self.kept is None or name in self.kept)
            and value
            and name not in NOT_CONTENT
            and (text := values.nothing_or(text_of(value)))
        }

    def _answer(self, text: str, answered_by: str, answered_on: Any) -> Comment | None:
        if not text:
            return None
        return Comment(
            text,
            author_of(answered_by, "", ""),
            moment_or_none(self.answer_dates, answered_on),
            is_official=True,
        )

    def _made_id(self, said: tuple[str, ...], posted_at: dt.datetime | None, version: str) -> str:
        """Return an id made of the content: the same row gets the same id whenever it is read again.

        Two people may write the same words; the second row with them gets another id.
        """
        parts = [*said, posted_at.isoformat() if posted_at else "", version]
        digest = hashlib.blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=12)
        times = self._occurrences.count(digest.digest())
        return f"made-{digest.hexdigest()}" + (f"-{times}" if times > 1 else "")


class Occurrences:
    """Counts keys on disk, so that a million rows cost no memory."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode=OFF")
        self._database.execute("PRAGMA synchronous=OFF")
        self._database.execute("PRAGMA cache_size=-32768")  # kilobytes: what it may cost in memory
        self._database.execute("CREATE TABLE seen (key BLOB PRIMARY KEY, times INT) WITHOUT ROWID")
        # Never committed: a commit a row would write the cache each time.
        self._database.execute("BEGIN")

    def count(self, key: bytes) -> int:
        """Return how many times ``key`` has been seen, this time included."""
        row = self._database.execute(
            "INSERT INTO seen VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET times = times + 1 RETURNING times",
            (key,),
        ).fetchone()
        return int(row[0])

    def left(self, key: bytes) -> int:
        """Return how many more times ``key`` will be met, where it has been counted and is met once more now."""
        row = self._database.execute(
            "UPDATE seen SET times = times - 1 WHERE key = ? RETURNING times", (key,)
        ).fetchone()
        return int(row[0]) if row is not None else 0
