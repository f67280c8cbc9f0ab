"""What stands under a post in its own row: the official answer, and a list of comments."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from feedback.importing.formats import people, values
from feedback.importing.formats.columns.fields import KNOWN_NAMES, Field, plain
from feedback.importing.formats.dates.column import DateReader
from feedback.importing.formats.documents import flat
from feedback.importing.formats.refusals import ValueUnreadable
from feedback.importing.formats.rows import text_of

_MOST_COMMENTS = 1_000


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote something: by name, by the source's own id, by e-mail address; nobody when all are empty."""

    name: str = ""
    id: str = ""
    email: str = ""

    @property
    def is_nobody(self) -> bool:
        """Whether the source names no one: then each row is a person of its own."""
        return not (self.name or self.id or self.email)

    @property
    def key(self) -> str:
        """What makes two rows of one source the same person: the source's own id, otherwise the address, otherwise the name.

        Of an address only a digest: a key is kept in the open, the address is not.
        """
        if self.id:
            return f"@{self.id}"
        if self.email:
            digest = hashlib.blake2b(self.email.strip().lower().encode(), digest_size=12)
            return f"mail~{digest.hexdigest()}"
        return self.name


NOBODY = Author()


@dataclass(frozen=True, slots=True)
class Comment:
    """An answer under a post, official or not. ``is_internal``: for the team alone."""

    body: str
    author: Author = NOBODY
    posted_at: dt.datetime | None = None
    external_id: str = ""
    is_official: bool = False
    is_internal: bool = False


def author_of(name: str, own_id: str, email: str) -> Author:
    """Return who that is; programs' words for nobody are nobody, and a name that is an address is one."""
    if not email and "@" in name and values.is_email(name):
        name, email = "", name
    return Author(people.name_of(name), people.id_of(own_id), values.email(email))


def comments_in(held: Any, dates: DateReader) -> tuple[Comment, ...]:
    """Return the comments in a list; what says nothing is left out."""
    if not isinstance(held, list):
        return ()
    found = []
    for one in held[:_MOST_COMMENTS]:
        cells = (
            {plain(key): value for key, value in flat(one).items()}
            if isinstance(one, dict)
            else {"body": one}
        )
        body = _first(cells, Field.BODY)
        if body:
            author = author_of(
                _first(cells, Field.AUTHOR),
                _first(cells, Field.AUTHOR_ID),
                _first(cells, Field.EMAIL),
            )
            found.append(
                Comment(
                    body,
                    author,
                    moment_or_none(dates, _first(cells, Field.POSTED_ON)),
                    _first(cells, Field.EXTERNAL_ID),
                    values.is_yes(_first(cells, Field.IS_OFFICIAL)),
                    values.is_yes(_first(cells, Field.IS_INTERNAL)),
                )
            )
    return tuple(found)


def _first(cells: Mapping[str, Any], what: Field) -> str:
    """Return the first cell that is called like ``what`` and says something."""
    return next(
        (
            text
            for name in KNOWN_NAMES[what]
            if (text := values.nothing_or(text_of(cells.get(name))))
        ),
        "",
    )


def moment_or_none(reader: DateReader | None, value: Any) -> dt.datetime | None:
    """Return the moment that ``value`` names, None where it names none."""
    try:
        return reader.read(value) if reader is not None and value else None
    except ValueUnreadable:
        return None
